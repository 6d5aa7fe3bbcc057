use std::io;

use super::source::{Count, Places};
use super::summary::Findings;
use super::{BatchOutcome, BatchReport, Done, FailedRecord, REPORT};
use crate::app::FindingView;
use crate::base::{Finding, Language, has_errors};
use crate::pipeline::{Made, Sink};

/// A batch at work: takes what becomes of the records, in their order.
pub(super) struct Run {
    pub findings: Findings,
    pub report: BatchReport,
    count: Count,
    places: Places,
    keep_going: bool,
    language: Language,
    /// Whether all records were read.
    whole: bool,
}

impl Run {
    /// A batch of so many records; `keep_going` says that documents are kept although some
    /// records are wrong.
    pub fn new(
        report: BatchReport,
        count: Count,
        places: Places,
        keep_going: bool,
        language: Language,
    ) -> Self {
        let findings = Findings::default();
        Self { findings, report, count, places, keep_going, language, whole: true }
    }

    /// The same batch from its beginning: nothing is found and nothing made.
    pub fn again(&self) -> Self {
        let report = BatchReport::new(&self.report.template, &self.report.data);
        Self::new(report, self.count, self.places.clone(), self.keep_going, self.language)
    }

    /// Takes the next record and puts its files where they go; says whether files of the
    /// following are wanted.
    pub fn take(&mut self, done: Done, to: &mut dyn Sink) -> io::Result<bool> {
        let Made { files, findings } = done.made;
        let findings: Vec<Finding> =
            findings.into_iter().map(|one| self.places.settle(one, done.number)).collect();
        if has_errors(&findings) {
            self.fail(done.number, &findings);
        } else {
            let width = self.count.last.to_string().len().max(3);
            for file in files {
                let name = format!(
                    "{}-{:0width$}{}.{}",
                    self.report.template,
                    done.number,
                    file.part,
                    file.format.extension()
                );
                to.put(&name, &file.bytes)?;
            }
            self.report.made += 1;
        }
        self.findings.add(findings);
        Ok(self.keep_going || self.report.failed.is_empty())
    }

    fn fail(&mut self, number: u32, findings: &[Finding]) {
        let told = if self.findings.has_room() { findings } else { &[] };
        let language = self.language;
        let findings = told.iter().map(|finding| FindingView::new(finding, language)).collect();
        self.report.failed.push(FailedRecord { record: number, findings });
    }

    /// How many records are done.
    pub fn done(&self) -> usize {
        self.report.made + self.report.failed.len()
    }

    /// Ends the reading: `broken` says that the data could not be read to its end.
    pub fn see_end(&mut self, broken: Option<Finding>) {
        self.whole = broken.is_none();
        self.findings.add(broken.into_iter().collect());
        self.report.summary = self.findings.summary;
    }

    /// Whether what was made is to be kept.
    pub fn is_to_be_written(&self) -> bool {
        let fine = self.report.failed.is_empty();
        self.whole && (fine || (self.keep_going && self.report.made > 0))
    }

    /// Adds the report that names the records of which nothing was made, if there are any.
    pub fn add_report(&self, to: &mut dyn Sink) -> io::Result<()> {
        if self.report.failed.is_empty() {
            return Ok(());
        }
        let (json, text) = self.report.files(self.language);
        to.put(&format!("{REPORT}.json"), &json)?;
        to.put(&format!("{REPORT}.txt"), &text)
    }

    /// What became of the batch.
    pub fn outcome(self, written: bool) -> BatchOutcome {
        BatchOutcome { written, findings: self.findings.kept, report: self.report }
    }
}
