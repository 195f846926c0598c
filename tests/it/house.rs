//! The house rules that a compiler does not hold: arrows, and documents that tell the truth.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use seeder::demand::Demand;
use seeder::{COMMON, Seeder as _};

use crate::Alone;
use crate::backend::{Said, program_in};

pub const TESTS: &[Alone] = &[
    ("crates_depend_only_along_the_arrows", crates_depend_only_along_the_arrows),
    ("migrations_never_name_entities", migrations_never_name_entities),
    ("the_command_line_is_documented_as_it_is", the_command_line_is_documented_as_it_is),
    ("the_page_on_seeding_lists_every_option_and_scenario", the_page_on_seeding_lists_every_option_and_scenario),
    ("the_readmes_first_command_does_the_main_job", the_readmes_first_command_does_the_main_job),
    ("the_readmes_second_command_is_what_ci_runs", the_readmes_second_command_is_what_ci_runs),
    ("every_link_in_the_documents_leads_somewhere", every_link_in_the_documents_leads_somewhere),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The source files below a folder.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the workspace") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

/// What each crate may import of the others, as docs/design.md draws it.
const ARROWS: &[(&str, &[&str])] = &[
    ("catalog", &[]),
    ("entity", &[]),
    ("migration", &["catalog"]),
    ("seeder", &["catalog", "entity"]),
    (".", &["catalog", "entity", "migration", "seeder"]),
];

fn crates_depend_only_along_the_arrows() {
    let crates: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    for (name, allowed) in ARROWS {
        let manifest: String = read(Path::new(name).join("Cargo.toml"));
        let dependencies = manifest.split("[dependencies]").nth(1).expect("a crate has dependencies");
        let dependencies = dependencies.split("\n[").next().expect("a section ends");
        let used: BTreeSet<&str> = dependencies
            .lines()
            .filter_map(|line| line.split(['.', ' ', '=']).next())
            .filter(|dependency| crates.contains(dependency))
            .collect();
        let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
        assert!(used.is_subset(&allowed), "{name} imports {used:?}, and may import {allowed:?}");
    }
}

fn migrations_never_name_entities() {
    for path in sources("migration/src") {
        let text = fs::read_to_string(&path).expect("a source");
        assert!(!text.contains("entity::") && !text.contains("kiln_entity"), "{}", path.display());
    }
}

fn kiln(arguments: &str) -> Said {
    let folder = tempfile::tempdir().expect("a temporary folder");
    Said::by(&mut program_in(folder.path(), Path::new(env!("CARGO_BIN_EXE_kiln")), arguments), 0)
}

/// Every command's help, as `docs/cli.md` has it. `KILN_UPDATE=1` writes the page anew.
/// Whether pages that tests write are to be written anew.
#[expect(clippy::disallowed_methods, reason = "tests have an environment of their own")]
pub fn renews_pages() -> bool {
    std::env::var_os("KILN_UPDATE").is_some()
}

fn the_command_line_is_documented_as_it_is() {
    let mut page = String::from(
        "# The command line\n\nWritten by a test from `-h`; `KILN_UPDATE=1 cargo test --test it` renews it.\n",
    );
    for command in [
        "",
        "schemas",
        "migrate",
        "migrate up",
        "migrate down",
        "migrate status",
        "migrate redo",
        "migrate refresh",
        "migrate reset",
        "migrate fresh",
        "migrate baseline",
        "migrate verify",
        "migrate repair",
        "check",
        "diff",
        "seed",
        "seed market",
        "refresh-views",
        "completions",
    ] {
        let help = kiln(&format!("{command} -h")).out;
        let title = format!("kiln {command}");
        write!(page, "\n## `{}`\n\n```text\n{}\n```\n", title.trim(), help.trim_end()).expect("a string takes it");
    }
    if renews_pages() {
        fs::write(root().join("docs/cli.md"), &page).expect("the page can be written");
    }
    assert_eq!(read("docs/cli.md"), page, "KILN_UPDATE=1 cargo test --test it renews the page");
}

/// The commands of the README's first block with `title` above it.
fn readme_command(title: &str) -> String {
    let readme = read("README.md");
    let section = readme.split(&format!("## {title}\n")).nth(1).unwrap_or_else(|| panic!("no section {title}"));
    let block = section.split("```sh\n").nth(1).expect("a block").split("```").next().expect("its end");
    block.trim().to_owned()
}

fn the_readmes_first_command_does_the_main_job() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut last = String::new();
    let mut words = Vec::new();
    for command in readme_command("Try it").split("&&") {
        let arguments = command.trim().strip_prefix("cargo kiln ").expect("every step is one of kiln's");
        words.push(arguments.to_owned());
        last = Said::by(&mut program_in(folder.path(), Path::new(env!("CARGO_BIN_EXE_kiln")), arguments), 0).out;
    }
    assert_eq!(words, ["migrate up", "check", "migrate up --seed"]);
    for part in
        ["sales", "Quarterly sales", "Q4", "foreign-key integrity", "market is at SQLite data/text_to_sql_poc.db"]
    {
        assert!(last.contains(part), "{last}");
    }
    assert!(folder.path().join("data/text_to_sql_poc.db").exists());
    assert!(read(".cargo/config.toml").contains("kiln = \"run --\""));
}

fn the_readmes_second_command_is_what_ci_runs() {
    assert!(read(".ci/run").contains(&readme_command("Test it")), ".ci/run calls the README's test command");
}

fn the_page_on_seeding_lists_every_option_and_scenario() {
    let mut options = "| key | flag | default | what it is |\n|---|---|---|---|\n".to_owned();
    for option in COMMON.iter().chain(Demand.options()) {
        let flag = if option.is_flag { format!("`--{}`", option.name) } else { String::new() };
        writeln!(options, "| `{}` | {flag} | `{}` | {} |", option.key, option.default, option.help).expect("a string");
    }
    let mut scenarios = "| scenario | what for | sets |\n|---|---|---|\n".to_owned();
    for scenario in Demand.scenarios() {
        let key = |name: &str| Demand.options().iter().find(|option| option.name == name).expect("an option").key;
        let sets = scenario.options.iter().map(|(name, value)| format!("`{}: {value}`", key(name))).collect::<Vec<_>>();
        writeln!(scenarios, "| `{}` | {} | {} |", scenario.name, scenario.help, sets.join(", ")).expect("a string");
    }
    let page = drawn(&drawn(&read("docs/seeding.md"), "options", &options), "scenarios", &scenarios);
    if renews_pages() {
        fs::write(root().join("docs/seeding.md"), &page).expect("the page can be written");
    }
    assert_eq!(read("docs/seeding.md"), page, "KILN_UPDATE=1 cargo test --test it renews the page");
}

/// `page` with `table` between the marks of this name.
fn drawn(page: &str, name: &str, table: &str) -> String {
    let (start, end) = (format!("<!-- drawn from the {name}: "), format!("<!-- end of the {name} -->"));
    let from = page.find(&start).expect("the mark is there");
    let from = from + page[from..].find('\n').expect("a mark is a line") + 1;
    let to = page.find(&end).expect("the end's mark is there");
    format!("{}\n{table}\n{}", &page[..from], &page[to..])
}

fn every_link_in_the_documents_leads_somewhere() {
    let mut links = 0;
    let documents = [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/design.md",
        "docs/seeding.md",
        "docs/schemas/fashion.md",
    ];
    for document in documents {
        for link in read(document).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let home = root().join(document);
            let path = home.parent().expect("a document has a folder").join(target);
            assert!(path.exists(), "{document}: {link}");
            links += 1;
        }
    }
    assert!(links > 3, "{links} links say little");
}
