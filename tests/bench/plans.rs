//! Data files that differ from document to document, so that nothing whole can
//! come out of Typst's memory.

use std::path::{Path, PathBuf};

/// A plan of the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// The smallest sample: one page.
    OnePage,
    /// A real plan of eight pages.
    EightPages,
}

impl Plan {
    pub const ALL: [Self; 2] = [Self::OnePage, Self::EightPages];

    pub fn name(self) -> &'static str {
        match self {
            Self::OnePage => "one-page",
            Self::EightPages => "eight-page",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.name() == name)
    }

    pub fn path(self) -> PathBuf {
        let path = match self {
            Self::OnePage => "templates/plan/plan/samples/minimal.yaml",
            Self::EightPages => "examples/plan/kien-giang-2019.yaml",
        };
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    /// Words of the plan after which a variant has words of its own: in the
    /// opening and in several paragraphs.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::OnePage => &["Thực hiện chỉ đạo", "Nâng cao trách nhiệm", "Các ban, ngành"],
            Self::EightPages => &[
                "Thực hiện Chỉ thị",
                "Tạo chuyển biến",
                "Phát huy vai trò lãnh đạo",
                "Quản lý chặt chẽ",
                "Kiện toàn, nâng cao",
                "Khảo sát, nắm chắc",
                "Thực hiện đồng bộ",
                "Sử dụng nguồn bảo đảm",
                "Chịu trách nhiệm giúp",
            ],
        }
    }
}

/// Makes variants of a plan.
pub struct Variants {
    text: String,
    plan: Plan,
}

impl Variants {
    pub fn of(plan: Plan) -> Self {
        let path = plan.path();
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()));
        for words in plan.words() {
            assert!(text.contains(words), "`{}` no longer says “{words}”", path.display());
        }
        Self { text, plan }
    }

    /// The data file of variant `number`: an own number of the document, and
    /// own words in the opening and in several paragraphs.
    pub fn get(&self, number: usize) -> String {
        let mut text = self.text.clone();
        for words in self.plan.words() {
            text = text.replacen(words, &format!("{words} (đợt {number})"), 1);
        }
        let own = format!("number: {}\n", number + 1);
        match text.lines().find(|line| line.starts_with("number:")).map(str::to_owned) {
            Some(line) => text.replacen(&format!("{line}\n"), &own, 1),
            None => text.replacen("place:", &format!("{own}place:"), 1),
        }
    }
}
