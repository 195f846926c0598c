//! What a user meets when something is wrong, before any server is asked.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::{fs, thread};

use tempfile::TempDir;

use crate::Alone;
use crate::backend::{Said, program_in};

pub const TESTS: &[Alone] = &[
    ("everything_works_in_an_empty_folder", everything_works_in_an_empty_folder),
    ("every_wrong_request_has_its_code_and_one_clear_message", every_wrong_request_has_its_code_and_one_clear_message),
    ("a_file_that_is_no_database_is_told", a_file_that_is_no_database_is_told),
    (
        "a_file_that_may_only_be_read_is_told_and_can_be_looked_at",
        a_file_that_may_only_be_read_is_told_and_can_be_looked_at,
    ),
    ("a_port_with_nothing_behind_it_is_told_at_once", a_port_with_nothing_behind_it_is_told_at_once),
    ("a_server_that_never_answers_is_given_up_in_time", a_server_that_never_answers_is_given_up_in_time),
    (
        "a_server_that_repeats_the_password_does_not_get_it_shown",
        a_server_that_repeats_the_password_does_not_get_it_shown,
    ),
    ("a_password_in_the_wrong_place_is_not_repeated", a_password_in_the_wrong_place_is_not_repeated),
    ("a_broken_env_file_is_told_without_its_line", a_broken_env_file_is_told_without_its_line),
    ("the_env_file_is_read", the_env_file_is_read),
    ("a_full_disk_leaves_nothing_half_done", a_full_disk_leaves_nothing_half_done),
    ("ctrl_c_rolls_back_and_says_so", ctrl_c_rolls_back_and_says_so),
    ("a_plot_shows_a_bar_a_month", a_plot_shows_a_bar_a_month),
    ("completions_know_schemas_and_options", completions_know_schemas_and_options),
    ("every_command_is_coloured_by_the_same_rules", every_command_is_coloured_by_the_same_rules),
    ("a_tab_completes_words_files_or_nothing", a_tab_completes_words_files_or_nothing),
    ("a_url_that_is_one_place_takes_one_schema", a_url_that_is_one_place_takes_one_schema),
    ("a_reader_that_goes_away_is_no_failure", a_reader_that_goes_away_is_no_failure),
];

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn command(folder: &Path, arguments: &str) -> Command {
    program_in(folder, Path::new(env!("CARGO_BIN_EXE_kiln")), arguments)
}

fn kiln(folder: &Path, arguments: &str, code: i32) -> Said {
    Said::by(&mut command(folder, arguments), code)
}

fn everything_works_in_an_empty_folder() {
    let folder = folder();
    kiln(folder.path(), "migrate up --seed", 0);
    kiln(folder.path(), "check market", 0);
    assert!(folder.path().join("data/text_to_sql_poc.db").exists());
    let schemas = kiln(folder.path(), "schemas", 0).out;
    for (applied, rows) in [("2 of 2", " 2,240"), ("4 of 4", " 367,983")] {
        assert!(schemas.lines().any(|line| line.contains(applied) && line.ends_with(rows)), "{schemas}");
    }
}

fn every_wrong_request_has_its_code_and_one_clear_message() {
    let folder = folder();
    let mut page = String::new();
    for arguments in [
        "migrate up markt",
        "migrat up",
        "seed",
        "seed markt",
        "seed brickhouse --full-new",
        "seed market --clients 0",
        "seed market --start-date 2024-02-30",
        "seed market --sceario list",
        "migrate down",
        "migrate up -n 1 --to m1",
        "migrate up --database-url oracle://db/x",
        "migrate up --database-url postgres://me:secret@db:port/x",
        "migrate up --database-url sqlite::memory:",
        "migrate up --database-url sqlite:x.db?mode=memory",
        "migrate up --database-schema public",
        "migrate up --connect-timeout soon",
        "seed market --config nowhere.yaml",
        "seed market --plot nowhere/sales.svg",
        "seed market --plot sales.png",
        "seed market --scope facts",
        "check --database-schema=",
        "check --database-url postgres://me:se@cret/secret@db/x",
        "check --database-url shop.db",
        "check --format yaml",
        "schemas --format sarif",
    ] {
        let said = kiln(folder.path(), arguments, 2);
        assert!(said.out.is_empty(), "{arguments}: {}", said.out);
        assert!(!said.err.contains("secret"), "{}", said.err);
        writeln!(page, "$ kiln {arguments}\n{}", said.err).expect("a string takes it");
    }
    kiln(folder.path(), "migrate up", 0);
    for (name, value) in [
        ("SEEDER_REQUIRE_CONFIRM", "maybe"),
        ("KILN_LOG_FORMAT", "xml"),
        ("DB_PORT", "abc"),
        ("DB_CONNECT_TIMEOUT", "10"),
    ] {
        let said = Said::by(command(folder.path(), "schemas").env(name, value), 2);
        writeln!(page, "$ {name}={value} kiln schemas\n{}", said.err).expect("a string takes it");
    }
    for arguments in [
        "seed market --scenario smok",
        "seed market --append --start-date 2025-01-01",
        "seed market --start-date 2025-01-01",
        "migrate down market --to m3",
    ] {
        let said = kiln(folder.path(), arguments, 2);
        writeln!(page, "$ kiln {arguments}\n{}", said.err).expect("a string takes it");
    }
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("wrong_requests", page);
    });
}

fn a_file_that_is_no_database_is_told() {
    let folder = folder();
    fs::write(folder.path().join("notes.db"), "these are notes and no database at all\n".repeat(99)).expect("a file");
    for arguments in ["migrate up market", "check market", "seed market"] {
        let said = kiln(folder.path(), &format!("{arguments} --database-url sqlite:notes.db"), 4);
        assert!(
            said.err.contains("cannot open notes.db: ") && said.err.contains("file is not a database"),
            "{}",
            said.err
        );
    }
    fs::create_dir(folder.path().join("folder.db")).expect("a folder");
    let said = kiln(folder.path(), "migrate up market --database-url sqlite:folder.db", 4);
    assert!(said.err.contains("cannot open folder.db: "), "{}", said.err);
    fs::write(folder.path().join("taken"), "").expect("a file");
    let said = kiln(folder.path(), "migrate up market --database-url sqlite:taken/x.db", 4);
    assert!(said.err.contains("cannot make the folder taken"), "{}", said.err);
}

fn a_file_that_may_only_be_read_is_told_and_can_be_looked_at() {
    let folder = folder();
    kiln(folder.path(), "migrate up market -n 1 --database-url sqlite:ro.db", 0);
    let file = folder.path().join("ro.db");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).expect("a mode");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
    // The superuser may write anything; the program then runs as somebody who may not.
    let is_superuser = fs::OpenOptions::new().append(true).open(&file).is_ok();
    let as_reader = |arguments: &str| {
        let mut command = command(folder.path(), arguments);
        if is_superuser {
            command.uid(65_534).gid(65_534);
        }
        command
    };
    let said = Said::by(&mut as_reader("migrate up market --database-url sqlite:ro.db"), 4);
    assert!(said.err.contains("attempt to write a readonly database"), "{}", said.err);
    Said::by(&mut as_reader("migrate status market --database-url sqlite:ro.db"), 0);
    let said = kiln(folder.path(), "migrate up market --database-url sqlite:ro.db?mode=ro", 4);
    assert!(said.err.contains("readonly database"), "{}", said.err);
}

fn a_port_with_nothing_behind_it_is_told_at_once() {
    let folder = folder();
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number").port();
    for (scheme, name) in [("postgres", "PostgreSQL"), ("mysql", "MariaDB")] {
        for arguments in ["migrate up market", "check market", "seed market"] {
            let url = format!("{scheme}://me:s3cret-word@127.0.0.1:{free}/x");
            let said = kiln(folder.path(), &format!("{arguments} --database-url {url}"), 4);
            let line = format!("error: cannot connect to {name} 127.0.0.1:{free}/x");
            assert!(said.err.starts_with(&line) && said.err.contains("refused"), "{}", said.err);
            assert_eq!(said.err.lines().count(), 1, "{}", said.err);
            assert!(!said.err.contains("s3cret-word"));
        }
    }
}

fn a_server_that_never_answers_is_given_up_in_time() {
    let folder = folder();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("postgres://127.0.0.1:{}/x", silent.local_addr().expect("its number").port());
    let said = kiln(folder.path(), &format!("migrate up --database-url {url} --connect-timeout 300ms"), 4);
    assert!(said.err.contains("no answer within 300ms"), "{}", said.err);
}

fn a_server_that_repeats_the_password_does_not_get_it_shown() {
    let folder = folder();
    for arguments in ["-vv migrate up --database-url URL", "-vv diff URL URL"] {
        let (port, server) = server_that_repeats();
        let url = format!("postgres://me:s3cret%20word@127.0.0.1:{port}/x");
        let said = kiln(folder.path(), &arguments.replace("URL", &url), 4);
        assert_eq!(server.join().expect("the server ends"), "s3cret word");
        assert!(said.err.contains("no entry with ***"), "{}", said.err);
        assert!(!said.err.contains("s3cret"), "{}", said.err);
    }
}

/// Speaks just enough of PostgreSQL's protocol to ask for the password and throw it back; its port, and what it got.
fn server_that_repeats() -> (u16, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut bytes = [0; 1024];
        // The first message may ask for TLS; a plain N says no.
        let length = stream.read(&mut bytes).expect("a start-up message");
        if bytes[4..8] == [0x04, 0xd2, 0x16, 0x2f] && length == 8 {
            stream.write_all(b"N").expect("a refusal of TLS");
            let _ = stream.read(&mut bytes).expect("a start-up message");
        }
        stream.write_all(&[b'R', 0, 0, 0, 8, 0, 0, 0, 3]).expect("a request for the password");
        let length = stream.read(&mut bytes).expect("the password");
        let password = String::from_utf8_lossy(&bytes[5..length - 1]).into_owned();
        let mut fields = Vec::new();
        for (code, text) in
            [("S", "FATAL"), ("V", "FATAL"), ("C", "28P01"), ("M", &format!("no entry with {password}"))]
        {
            fields.extend_from_slice(code.as_bytes());
            fields.extend_from_slice(text.as_bytes());
            fields.push(0);
        }
        fields.push(0);
        let length = u32::try_from(fields.len() + 4).expect("a short message");
        stream.write_all(&[&[b'E'][..], &length.to_be_bytes(), &fields].concat()).expect("an error");
        password
    });
    (port, server)
}

fn a_password_in_the_wrong_place_is_not_repeated() {
    let folder = folder();
    for arguments in [
        "postgres://me:s3cret@db/x",
        "migrate up postgres://me:s3cret@db/x",
        "--url=postgres://me:s3cret@db/x schemas",
        "check postgres://me:s3c's3cret@db/x",
    ] {
        let said = kiln(folder.path(), arguments, 2);
        assert!(!said.err.contains("s3cret"), "{}", said.err);
    }
}

fn a_broken_env_file_is_told_without_its_line() {
    let folder = folder();
    fs::write(folder.path().join(".env"), "DB_HOST=x\nDB_PASSWORD s3cret\n").expect("a file");
    let said = kiln(folder.path(), "schemas", 2);
    assert!(said.err.contains(".env cannot be read") && !said.err.contains("s3cret"), "{}", said.err);
}

fn the_env_file_is_read() {
    let folder = folder();
    fs::write(folder.path().join(".env"), "DATABASE_URL=sqlite:from_env_file.db\n").expect("a file");
    kiln(folder.path(), "migrate up market", 0);
    assert!(folder.path().join("from_env_file.db").exists());
    Said::by(command(folder.path(), "migrate up market").env("DATABASE_URL", "sqlite:from_environment.db"), 0);
    assert!(folder.path().join("from_environment.db").exists());
}

/// A database that may not grow stands for a disk that is full.
fn a_full_disk_leaves_nothing_half_done() {
    let folder = folder();
    kiln(folder.path(), "migrate up --seed", 0);
    let digests =
        || kiln(folder.path(), "seed market --verify --format json", 0).json()["results"][0]["digests"].clone();
    let before = digests();
    let mut limited = command(folder.path(), "seed market --full-new --confirm --scenario large");
    // RLIMIT_FSIZE, by the shell: a write past the limit fails as on a full disk.
    let line = format!(
        "ulimit -f 1024; trap '' XFSZ; exec {} seed market --full-new --confirm --scenario large",
        env!("CARGO_BIN_EXE_kiln")
    );
    limited = {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(line).current_dir(limited.get_current_dir().expect("a folder")).env_clear();
        shell
    };
    let said = Said::by(&mut limited, 4);
    assert!(said.err.starts_with("error: "), "{}", said.err);
    assert_eq!(digests(), before);
}

/// Waits a moment; false, so that it can stand in a condition that is tried again.
fn pause() -> bool {
    thread::sleep(std::time::Duration::from_millis(50));
    false
}

fn ctrl_c_rolls_back_and_says_so() {
    let folder = folder();
    kiln(folder.path(), "migrate up --seed", 0);
    let run = command(folder.path(), "seed market --full-new --confirm --scenario large")
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    // SQLite's journal is there once rows are being replaced.
    let journal = folder.path().join("data/text_to_sql_poc.db-journal");
    assert!((0..600).any(|_| journal.exists() || pause()), "the run never began to write");
    let kill = Command::new("kill").args(["-INT", &run.id().to_string()]).status().expect("kill runs");
    assert!(kill.success());
    let output = run.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("interrupted: what was under way is rolled back"), "{said}");
    assert!(kiln(folder.path(), "seed market", 0).out.contains("nothing changed"));
}

fn a_plot_shows_a_bar_a_month() {
    let folder = folder();
    kiln(folder.path(), "migrate up", 0);
    kiln(folder.path(), "seed market --plot sales.svg", 0);
    let svg = fs::read_to_string(folder.path().join("sales.svg")).expect("a drawing");
    assert!(svg.starts_with("<svg") && svg.contains("Sales by month"));
    let bars = svg.matches("fill=\"#2563A5\"").count();
    assert_eq!(bars, 24, "two years have 24 months");
}

fn completions_know_schemas_and_options() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = kiln(folder.path(), &format!("completions {shell}"), 0).out;
        assert!(script.contains("market") && script.contains("batch-size"), "{shell}");
    }
}

fn every_command_is_coloured_by_the_same_rules() {
    const ESCAPE: char = '\u{1b}';
    const NOTHING_TO_COLOUR: [&str; 3] = ["migrate up market", "migrate repair market", "migrate up --dry-run demand"];
    let folder = folder();
    kiln(folder.path(), "migrate up market --seed", 0);
    kiln(folder.path(), "migrate up fashion", 0);
    for (arguments, code) in [
        ("migrate up market", 0),
        ("migrate redo fashion", 0),
        ("migrate status market demand", 0),
        ("migrate verify market", 0),
        ("migrate repair market", 0),
        ("migrate fresh fashion", 0),
        ("migrate up --dry-run demand", 0),
        ("schemas", 0),
        ("check market brickhouse", 1),
        ("diff market demand", 1),
        ("seed market", 0),
        ("seed market --verify", 0),
        ("seed market --status", 0),
        ("seed market --full-new --dry-run", 0),
        ("seed market --scenario list", 0),
        ("seed market --delete", 3),
        ("migrate up --lock-timeout 1s market", 0),
        ("migrate down market --to m3", 2),
    ] {
        // A terminal's own rules are tried in `formats`; here what overrules them.
        let run = |more: &str, variable: Option<(&str, &str)>| {
            let mut command = command(folder.path(), &format!("{arguments} {more}"));
            let said = Said::by(command.envs(variable), code);
            said.out + &said.err
        };
        // Without colours, and without numbers: how long something took is another one each time.
        let words = |text: &str| -> String {
            let text = anstream::adapter::strip_str(text).to_string();
            text.chars().filter(|letter| !letter.is_ascii_digit() && !letter.is_whitespace()).collect()
        };
        let plain = run("", None);
        let never = run("--color never", Some(("CLICOLOR_FORCE", "1")));
        let json = run("--format json --color always", None);
        for text in [plain.as_str(), never.as_str(), json.split("\n}\n").next().unwrap_or_default()] {
            assert!(!text.contains(ESCAPE), "{arguments}: {text}");
        }
        assert_eq!(words(&never), words(&plain), "{arguments}");
        let has_colour = !NOTHING_TO_COLOUR.contains(&arguments);
        for (more, variable) in [("--color always", ("NO_COLOR", "1")), ("", ("CLICOLOR_FORCE", "1"))] {
            let coloured = run(more, Some(variable));
            assert_eq!(coloured.contains(ESCAPE), has_colour, "{arguments} {more}: {coloured}");
            assert_eq!(words(&coloured), words(&plain), "{arguments} {more}");
        }
    }
}

/// In bash itself; a file is there to be completed where one is taken.
fn a_tab_completes_words_files_or_nothing() {
    let folder = folder();
    fs::write(folder.path().join("script"), kiln(folder.path(), "completions bash", 0).out).expect("a file");
    let completed = |line: &str| -> Vec<String> {
        let words: Vec<String> = line.split(' ').map(|word| format!("'{word}'")).collect();
        let [.., before, last] = words.as_slice() else { panic!("{line} has no word to complete") };
        let run = format!(
            "compopt() {{ :; }}; source ./script; COMP_WORDS=({}); COMP_CWORD={}; _kiln kiln {last} {before}; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.join(" "),
            words.len() - 1
        );
        let mut bash = Command::new("bash");
        let said = Said::by(bash.arg("-c").arg(run).current_dir(folder.path()), 0);
        said.out.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let files = ["script"];
    for (line, expected) in [
        ("kiln seed market --scenario ", &["standard", "large", "smoke", "list"][..]),
        ("kiln seed demand --scenario holi", &["holiday_rush"]),
        ("kiln seed market --scope ", &["all", "facts", "dimensions"]),
        ("kiln diff market demand --engine ", &["sqlite", "postgres", "mariadb"]),
        ("kiln schemas --color ", &["auto", "always", "never"]),
        ("kiln check --format ", &["text", "json", "sarif", "github"]),
        ("kiln migrate up --to m20250101_000002", &["m20250101_000002_create_sales_and_segments"]),
        ("kiln migrate baseline market --to he", &["head"]),
        ("kiln check mark", &["market"]),
        ("kiln completions ba", &["bash"]),
        ("kiln seed demand --config ", &files),
        ("kiln seed demand --backup scr", &files),
        ("kiln seed demand --plot ", &files),
        ("kiln seed demand --seed ", &[]),
        ("kiln seed demand --set ", &[]),
        ("kiln seed demand --start-date ", &[]),
        ("kiln check --database-url ", &[]),
        ("kiln check --scratch-url ", &[]),
        ("kiln migrate up --wait ", &[]),
        ("kiln schemas --host ", &[]),
    ] {
        let mut completed = completed(line);
        let mut expected = expected.to_vec();
        completed.sort_unstable();
        expected.sort_unstable();
        assert_eq!(completed, expected, "{line}");
    }
    for schema in kiln::retail::schemas() {
        let Some(scenarios) = schema_scenarios(folder.path(), schema.name()) else { continue };
        let line = format!("kiln seed {} --scenario ", schema.name());
        assert!(scenarios.iter().all(|name| completed(&line).contains(name)), "{scenarios:?}");
    }
}

/// The scenarios of a schema that has a seeder.
fn schema_scenarios(folder: &Path, schema: &str) -> Option<Vec<String>> {
    let output = command(folder, &format!("seed {schema} --scenario list --format json")).output().expect("it runs");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    let scenarios = json["results"][0]["scenarios"].as_array()?;
    Some(scenarios.iter().filter_map(|scenario| Some(scenario["name"].as_str()?.to_owned())).collect())
}

fn a_url_that_is_one_place_takes_one_schema() {
    let folder = folder();
    for command in ["migrate up", "migrate up market demand", "check", "schemas"] {
        let said = kiln(folder.path(), &format!("{command} --database-url sqlite:one.db"), 2);
        assert!(said.err.contains("sqlite:{schema}.db"), "{}", said.err);
        assert!(!folder.path().join("one.db").exists());
    }
    kiln(folder.path(), "migrate up market --database-url sqlite:one.db", 0);
    kiln(folder.path(), "migrate up --database-url sqlite:{schema}.db", 0);
    for schema in kiln::retail::schemas() {
        assert!(folder.path().join(format!("{}.db", schema.name())).exists());
    }
}

/// Nobody reads the first report; the rows are there all the same.
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder();
    let line = format!("{} migrate up --seed | true", env!("CARGO_BIN_EXE_kiln"));
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(line).current_dir(folder.path());
    Said::by(&mut shell, 0);
    assert!(kiln(folder.path(), "schemas", 0).out.contains("2,240"));
    let line =
        format!("({} check market --database-url sqlite:none.db; echo $? >&2) | true", env!("CARGO_BIN_EXE_kiln"));
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(line).current_dir(folder.path());
    assert_eq!(Said::by(&mut shell, 0).err, "1\n");
}
