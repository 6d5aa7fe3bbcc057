use super::build::COPY;
use super::{BoundPaper, BuildError, Dossier, PaperContent, PaperState};
use crate::base::Finding;
use crate::input::Files;
use crate::output::sheet::{MOST_BYTES, Outside, OutsideError, PageStamp, Survey};
use crate::viet::PartialDate;

use super::super::parallel::on_all_cores;

/// The files that a case gives for a paper, each a paper of the index.
pub(super) fn from_outside(state: &PaperState) -> impl Iterator<Item = BoundPaper> {
    state.outside.iter().filter_map(|one| {
        let file = one.found.as_ref().ok()?.clone();
        let copy = state.paper.copy.then(|| COPY.to_owned());
        let date = one.date.as_deref();
        let known =
            date.and_then(|date| date.parse::<PartialDate>().ok()).map(|date| date.to_string());
        Some(BoundPaper {
            key: state.paper.key.clone(),
            title: one.title.clone().unwrap_or_else(|| state.paper.title.clone()),
            number: one.number.clone(),
            date: known.or_else(|| one.date.clone()),
            note: one.note.clone().or(copy),
            content: PaperContent::Outside { file, pointer: one.pointer.clone(), survey: None },
            pages: 0,
            first: 0,
        })
    })
}

impl Dossier {
    /// Reads the files from outside that were not read yet, on all cores, and keeps what is
    /// to be known of them, not the files; whether all can be used.
    pub(super) fn survey(&mut self, files: &dyn Files) -> bool {
        let wanted: Vec<(usize, String)> = self
            .papers
            .iter()
            .enumerate()
            .filter_map(|(at, paper)| match &paper.content {
                PaperContent::Outside { file, survey: None, .. } => Some((at, file.clone())),
                _ => None,
            })
            .collect();
        let survey = |file: &str| Ok(Outside::read(read(file, files)?)?.survey());
        let results = on_all_cores(&wanted, |(at, file)| (*at, survey(file)));
        let mut all = true;
        for (at, result) in results {
            match (result, &mut self.papers[at].content) {
                (Ok(found), PaperContent::Outside { survey, .. }) => {
                    *survey = Some(Box::new(found));
                }
                (Err(error), PaperContent::Outside { file, pointer, .. }) => {
                    all = false;
                    let (file, pointer) = (file.clone(), pointer.clone());
                    self.findings.push(self.unusable(&file, &pointer, &error));
                }
                (_, PaperContent::Made(_)) => {}
            }
        }
        all
    }

    /// Reads the file of a paper from outside again, whose turn has come.
    ///
    /// # Errors
    ///
    /// A finding, if it is not there any more.
    pub(super) fn file_again<'d>(
        &self,
        paper: &'d BoundPaper,
        files: &dyn Files,
    ) -> Result<Option<(Vec<u8>, &'d Survey)>, BuildError> {
        let PaperContent::Outside { file, pointer, survey: Some(survey) } = &paper.content else {
            return Ok(None);
        };
        match read(file, files) {
            Ok(bytes) => Ok(Some((bytes, survey))),
            Err(error) => Err(self.unusable(file, pointer, &error).into()),
        }
    }

    /// Makes the pages of a file that was read again.
    ///
    /// # Errors
    ///
    /// A finding, if it is not the file that was numbered.
    pub(super) fn pages_again(
        &self,
        paper: &BoundPaper,
        bytes: Vec<u8>,
        survey: &Survey,
    ) -> Result<Outside, BuildError> {
        Outside::again(bytes, survey).map_err(|error| match &paper.content {
            PaperContent::Outside { file, pointer, .. } => {
                self.unusable(file, pointer, &error).into()
            }
            PaperContent::Made(_) => BuildError::Output(error.into()),
        })
    }

    fn unusable(&self, file: &str, pointer: &str, error: &OutsideError) -> Finding {
        let case = &self.completeness.case;
        let pointer = format!("{pointer}/file");
        let node = case.node.at(&pointer).unwrap_or(&case.node);
        let finding = Finding::new("DB02").with("file", file).with("detail", error.message());
        finding.at(node.place(&case.source, &pointer))
    }

    /// What is laid over the pages of a paper from outside.
    pub(super) fn stamps(&self, paper: &BoundPaper, mark: Option<&str>) -> Vec<PageStamp> {
        let stamp = |page| PageStamp {
            number: self.numbering.of_page(paper.first, page),
            mark: mark.filter(|_| page == 0).map(str::to_owned),
        };
        (0..paper.pages).map(stamp).collect()
    }
}

fn read(file: &str, files: &dyn Files) -> Result<Vec<u8>, OutsideError> {
    files.read(file, MOST_BYTES).map_err(|error| OutsideError::Damaged(error.to_string()))
}

impl From<Finding> for BuildError {
    fn from(finding: Finding) -> Self {
        Self::Findings(vec![finding])
    }
}
