//! What a rule sees at one moment.

use super::{Evidence, Mark, Rule, Severity, Subject};

/// A finding in the making.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) rule: Rule,
    pub(super) severity: Severity,
    pub(super) subject: Subject,
    pub(super) evidence: Vec<Evidence>,
    /// Tells two findings of one rule and subject apart; of several connections, what they share.
    pub(super) group: String,
    /// Above the line where a finding begins. What is not firm only lets one go on.
    pub(super) is_firm: bool,
    /// How long the fact must hold to be a finding.
    pub(super) patience_millis: u64,
}

impl Candidate {
    pub(super) const fn new(rule: Rule, severity: Severity, subject: Subject) -> Self {
        Self {
            rule,
            severity,
            subject,
            evidence: Vec::new(),
            group: String::new(),
            is_firm: true,
            patience_millis: 0,
        }
    }

    #[must_use]
    pub(super) fn told_by(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        debug_assert!(super::EVIDENCE.contains(&name), "no text for the evidence {name}");
        self.evidence.push(Evidence::new(name, value));
        self
    }

    /// The same for a fact that may not be known.
    #[must_use]
    pub(super) fn told_if<T: std::fmt::Display>(self, name: &str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.told_by(name, value),
            None => self,
        }
    }

    #[must_use]
    pub(super) fn firm_if(self, is_firm: bool) -> Self {
        Self { is_firm, ..self }
    }

    #[must_use]
    pub(super) fn after_millis(self, patience_millis: u64) -> Self {
        Self { patience_millis, ..self }
    }

    #[must_use]
    pub(super) fn in_group(self, group: String) -> Self {
        Self { group, ..self }
    }

    pub(super) fn mark(&self) -> Mark {
        let subject = match &self.subject {
            // Who is among them changes; what they share does not.
            Subject::Clients(_) => Subject::Clients(Vec::new()),
            // Who was slowest changes, and leaves: that everybody waited does not.
            _ if self.rule == Rule::SlowCommands => Subject::Server,
            subject => subject.clone(),
        };
        (self.rule, subject, self.group.clone())
    }

    /// Takes what is newer. Evidence that only trembled stays as it was told: findings travel to
    /// browsers whenever they change.
    pub(super) fn renew(&mut self, newer: Self) {
        let is_same = self.evidence.len() == newer.evidence.len()
            && self.evidence.iter().zip(&newer.evidence).all(|(old, new)| is_near(old, new))
            && self.severity == newer.severity;
        let evidence = if is_same { std::mem::take(&mut self.evidence) } else { newer.evidence };
        *self = Self { evidence, ..newer };
    }
}

/// The same words, or numbers within a tenth of each other.
fn is_near(old: &Evidence, new: &Evidence) -> bool {
    if old.name != new.name {
        return false;
    }
    match (old.value.parse::<u64>(), new.value.parse::<u64>()) {
        (Ok(old), Ok(new)) => old.abs_diff(new) <= old.max(new) / 10,
        _ => old.value == new.value,
    }
}
