//! Findings as workflow commands of GitHub Actions, which shows each as an annotation.

use catalog::Severity;

use super::finding::Finding;
use super::found::Found;

/// A command for each finding and each remark; notes are warnings where they count.
pub(super) fn commands(found: &Found) -> Vec<String> {
    if let Some(reason) = &found.left_out {
        return vec![command("error", Some(&format!("{} left out", found.subject)), reason)];
    }
    let remarks = found.remarks.iter().map(|remark| command("notice", Some(&found.subject), remark));
    found.findings.iter().map(|finding| annotation(finding, found)).chain(remarks).collect()
}

/// A command for what stopped the run.
pub(super) fn failure(message: &str) -> String {
    command("error", None, message)
}

/// The last line: the counts of each place.
pub(super) fn counts(found: &[Found]) -> String {
    let counts = found.iter().map(|found| format!("{}: {}", found.subject, found.counts()));
    counts.collect::<Vec<_>>().join("; ")
}

fn annotation(finding: &Finding, found: &Found) -> String {
    let name = match finding.severity {
        Severity::Drift => "error",
        Severity::Note if found.strict => "warning",
        Severity::Note => "notice",
    };
    let title = format!("{} {}", finding.rule.code, finding.names(&found.subject).join(", "));
    command(name, Some(&title), &finding.message(&found.subject))
}

fn command(name: &str, title: Option<&str>, message: &str) -> String {
    let title = title.map(|title| format!(" title={}", of_property(title))).unwrap_or_default();
    format!("::{name}{title}::{}", of_data(message))
}

/// Escaped as the text after the second `::`.
fn of_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escaped as the value of a property, which ends at a comma or a colon.
fn of_property(text: &str) -> String {
    of_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn a_property_is_escaped_beyond_what_a_message_is() {
        let text = "50%: a,\r\nb";
        assert_eq!(command("error", Some(text), text), "::error title=50%25%3A a%2C%0D%0Ab::50%25: a,%0D%0Ab");
        assert_eq!(command("notice", None, "::end"), "::notice::::end");
    }
}
