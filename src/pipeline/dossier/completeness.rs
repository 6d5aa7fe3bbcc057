use std::sync::Arc;

use super::deadline::Count;
use super::demand::{Decision, Demand};
use super::paper::outside_papers;
use super::{Case, Deadline, DeadlineState, OutsidePaper, PaperState, Status};
use crate::base::{Finding, Severity};
use crate::catalog::{CopySet, Need, Paper, Schema};
use crate::content::Conditions;
use crate::viet::{Calendar, Moment};

use super::super::parallel::on_cores;
use super::super::{Checked, Input, Renderer};

/// How complete the file of a case is, and how its time limits stand.
#[derive(Debug, Clone)]
pub struct Completeness {
    /// The case and the procedure.
    pub case: Case,
    /// The papers, in the order of the procedure.
    pub papers: Vec<PaperState>,
    /// The sets that are to be made.
    pub sets: Vec<CopySet>,
    /// The time limits that hold for the case, in the order of the procedure.
    pub deadlines: Vec<Deadline>,
    /// The moment at which the time limits were looked at.
    pub as_of: Option<Moment>,
    /// What was found in the case and on the way; without errors.
    pub findings: Vec<Finding>,
}

impl Completeness {
    /// Whether every required paper is there.
    pub fn is_complete(&self) -> bool {
        !self.papers.iter().any(PaperState::is_wanting)
    }

    /// Whether a time limit is over and what it is for is not done.
    pub fn is_overdue(&self) -> bool {
        self.deadlines.iter().any(|one| one.state == DeadlineState::Overdue)
    }

    /// The papers that go into the file, in their order.
    pub fn present(&self) -> impl Iterator<Item = &PaperState> {
        self.papers.iter().filter(|paper| paper.is_there())
    }
}

impl Renderer {
    /// Looks at the file of a case: which papers are there, which are missing, which are
    /// not needed and why, and how the time limits stand at a moment.
    ///
    /// `procedure` goes before the one that the case names. Nothing is rendered; a paper
    /// of a template is there if the case has the data that it cannot do without.
    ///
    /// # Errors
    ///
    /// All findings, if the case cannot be used for the procedure: it does not fit the
    /// case model, or the procedure does not apply to it.
    pub fn completeness(
        &self,
        input: &Input<'_>,
        procedure: Option<&str>,
        as_of: Option<Moment>,
        calendar: &Calendar,
    ) -> Result<Completeness, Vec<Finding>> {
        let case = self.case(input, procedure)?;
        let schema = self.catalog().case_schema();
        let schema =
            schema.map_err(|error| vec![Finding::new("CM05").with("detail", error.to_string())])?;
        let conditions = Conditions::new(&case.procedure, schema)?;
        let holds = |name: &str| conditions.holds(name, &case.data);
        if case.procedure.not_for.is_some() && holds("not_for") == Ok(true) {
            let mut findings = case.findings.clone();
            findings.push(case.finding_not_for());
            return Err(findings);
        }
        let sets = case.procedure.sets.iter();
        let sets = sets.filter(|set| holds(&set.condition()) != Ok(false)).cloned().collect();
        let papers = self.papers(input, &case, schema, &conditions)?;
        let count = Count { case: &case, conditions: &conditions, calendar, as_of };
        let (deadlines, more) = count.run()?;
        let mut findings = case.findings.clone();
        findings.extend(more);
        findings.sort_by_key(|finding| finding.place.as_ref().map(|place| place.span.start));
        Ok(Completeness { case, papers, sets, deadlines, as_of, findings })
    }

    fn papers(
        &self,
        input: &Input<'_>,
        case: &Case,
        schema: &Schema,
        conditions: &Conditions,
    ) -> Result<Vec<PaperState>, Vec<Finding>> {
        let outside = outside_papers(&case.data, input.files);
        let demand = Demand::new(case, schema, &outside, conditions)?;
        let state = |(paper, decided): &(&Paper, Option<Decision>)| {
            let outside = demand.files_of(paper);
            let required = paper.need == Need::Required || demand.is_asked_for(&paper.key);
            let (found, reason) = match decided.clone() {
                Some(Decision { status, reason }) => (Found::without(status), reason),
                None => (self.look_for(input, case, paper, &outside), None),
            };
            let Found { status, missing, checked } = found;
            let paper = Paper::clone(paper);
            PaperState { paper, status, required, outside, missing, reason, checked }
        };
        Ok(on_cores(self.cores, &demand.decided(), state))
    }

    /// Whether a paper that is to be there is there.
    fn look_for(
        &self,
        input: &Input<'_>,
        case: &Case,
        paper: &Paper,
        outside: &[OutsidePaper],
    ) -> Found {
        if !outside.is_empty() {
            let there = outside.iter().all(|one| one.found.is_ok());
            return Found::without(if there { Status::Outside } else { Status::Missing });
        }
        let Some(template) = paper.template.as_deref() else {
            return Found::without(Status::Missing);
        };
        let input = Input { template: Some(template), ..*input };
        match self.check_paper(case.source.clone(), case.read.clone(), &input) {
            Ok(checked) => {
                let checked = Some(Arc::new(checked));
                Found { status: Status::Generated, missing: Vec::new(), checked }
            }
            Err(mut findings) => {
                findings.retain(|finding| finding.severity == Severity::Error);
                Found { status: Status::Missing, missing: findings, checked: None }
            }
        }
    }
}

/// What looking for a paper came to.
struct Found {
    status: Status,
    missing: Vec<Finding>,
    checked: Option<Arc<Checked>>,
}

impl Found {
    fn without(status: Status) -> Self {
        Self { status, missing: Vec::new(), checked: None }
    }
}
