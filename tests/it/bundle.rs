//! Several documents in one file: each as it is alone, on a sheet of its own.

use vanban::pipeline::{Composed, Format, Input, Numbering, Together};

use crate::support::pdf::Pdf;
use crate::support::{RENDERER, repository};

fn case_paper(id: &str) -> Composed {
    let path = repository("examples/case/nguoi-thanh-nien-co-noi-cu-tru.yaml");
    let bytes = std::fs::read(path).unwrap();
    let input = Input { template: Some(id), ..Input::new("case.yaml", &bytes) };
    RENDERER.compose(&input).unwrap()
}

/// The words of the pages from `first`, so many of them.
fn words(pdf: &Pdf, first: usize, pages: usize) -> String {
    let last = first + pages - 1;
    let page = |option: &'static str, page: usize| [option.to_owned(), page.to_string()];
    let options: Vec<String> = page("-f", first).into_iter().chain(page("-l", last)).collect();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    pdf.ask("pdftotext", &options, &["-"])
}

#[test]
fn each_document_keeps_its_layout_and_begins_a_sheet() {
    let ids = ["nd163-v-33", "nd163-v-34", "nd163-v-36", "nd163-v-37", "nd163-iii-10"];
    let papers: Vec<Composed> = ids.iter().map(|id| case_paper(id)).collect();
    let documents: Vec<Together> = papers.iter().map(Together::new).collect();
    let (bytes, spans) = RENDERER.together("Hồ sơ", &documents, &Numbering::default()).unwrap();
    let bundle = Pdf::new(&bytes);
    for (paper, span) in papers.iter().zip(&spans) {
        assert_eq!(span.first % 2, 1, "on a new sheet");
        let alone = Pdf::new(&RENDERER.write(paper, Format::Pdf).unwrap());
        assert_eq!(words(&bundle, span.first, span.pages), alone.ask("pdftotext", &[], &["-"]));
    }
}
