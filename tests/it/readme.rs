//! README.md and templates/README.md: what they show works, what they name exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use vanban::base::SourceText;
use vanban::catalog::{Catalog, FontSet};
use vanban::pipeline::{Input, Renderer};

use super::service::Service;
use super::support::{RENDERER, codes_of, pdf::Pdf, repository, vanban};

/// Commands of README.md that this test does not run, and why.
const NOT_RUN: [(&str, &str); 5] = [
    ("vanban serve", "runs until it is stopped; what `curl` asks, a test asks"),
    ("./tests/run", "runs this test"),
    ("cargo install --path . --locked", "builds the whole program anew"),
    ("cargo build --release && cargo bench", "builds it for speed and measures for minutes"),
    ("cargo run --release --example soak", "makes ten thousand documents"),
];

/// Programs other than `vanban` that the blocks may call.
const HELPERS: [&str; 3] = ["mkdir", "cp", "sed"];

/// Options of other programs that README.md names.
const FOREIGN_OPTIONS: [&str; 5] =
    ["--release", "--path", "--locked", "--example", "--data-binary"];

/// Where the service of README.md listens.
const ADDRESS: &str = "http://127.0.0.1:8080";

fn readme() -> String {
    fs::read_to_string(repository("README.md")).unwrap()
}

/// The code blocks of README.md in a language, in order.
fn blocks(language: &str) -> Vec<String> {
    blocks_of(&readme(), language)
}

fn blocks_of(text: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == format!("```{language}") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.push(block.join("\n") + "\n");
        }
    }
    found
}

/// A folder that looks like the repository to a reader of README.md.
fn desk() -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    for folder in [
        "examples/plan",
        "examples/electronic",
        "examples/batch",
        "examples/case",
        "examples/profile",
        "examples/community",
    ] {
        copy_folder(&repository(folder), &desk.path().join(folder));
    }
    copy_folder(&repository("templates"), &desk.path().join("templates"));
    // The fonts of an office.
    let fonts = desk.path().join("fonts-co-quan");
    fs::create_dir(&fonts).unwrap();
    let file = "LiberationSerif-Regular.ttf";
    fs::copy(repository("fonts").join(file), fonts.join(file)).unwrap();
    desk
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn the_commands_work() {
    let desk = desk();
    let program = Path::new(env!("CARGO_BIN_EXE_vanban")).parent().unwrap();
    let mut run = 0;
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        if NOT_RUN.iter().any(|(command, _)| line == *command) || line.starts_with("curl ") {
            continue;
        }
        let line = line.replace("cargo run --release -- ", "vanban ");
        for part in line.split(" | ") {
            let name = part.split(' ').next().unwrap();
            assert!(name == "vanban" || HELPERS.contains(&name), "may `{name}` be run? {line}");
        }
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &format!("PATH=\"$PROGRAM:$PATH\"; {line}")])
            .current_dir(desk.path())
            .env("PROGRAM", program)
            .output()
            .unwrap();
        assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
        run += 1;
    }
    assert!(run >= 10, "only {run} commands were found");
    for file in [
        "examples/plan/kien-giang-2019.pdf",
        "ke-hoach.yaml",
        "ke-hoach.pdf",
        "plan.schema.json",
        "blocks.json",
        "places.json",
        "mau/plan/plan/content.xml",
    ] {
        assert!(desk.path().join(file).is_file(), "no command made `{file}`");
    }
}

#[test]
fn what_curl_asks_the_service_answers() {
    let service = Service::start();
    let desk = desk();
    let blocks = blocks("sh");
    let lines = blocks.iter().flat_map(|block| block.lines());
    let mut asked = 0;
    for line in lines.filter(|line| line.starts_with("curl ")) {
        assert!(line.contains(ADDRESS), "whom does it ask? {line}");
        let line = line.replace(ADDRESS, &service.url(""));
        let output = Command::new("bash").args(["-euc", &line]).current_dir(desk.path()).output();
        let output = output.expect("this test needs bash and curl");
        assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
        asked += 1;
    }
    assert_eq!(asked, 3);
    let made = |name: &str| fs::read(desk.path().join(name)).unwrap();
    let letter = Pdf::new(&made("de-nghi.pdf")).text();
    assert!(letter.contains("NGUYỄN VĂN VÍ DỤ"), "{letter}");
    let checked: serde_json::Value = serde_json::from_slice(&made("kiem-tra.json")).unwrap();
    assert_eq!(checked["valid"], true);
    let archive = zip::ZipArchive::new(std::io::Cursor::new(made("mau-trong.zip"))).unwrap();
    assert_eq!(archive.len(), 2);
}

#[test]
fn commands_that_are_not_run_stand_in_the_text() {
    let text = readme();
    for (command, reason) in NOT_RUN {
        assert!(text.contains(&format!("\n{command}\n")), "`{command}` is gone ({reason})");
    }
}

#[test]
fn the_plan_is_fine_and_the_report_is_what_the_program_prints() {
    let plan = blocks("yaml").remove(0);
    assert_eq!(codes_of(&plan), Vec::<&str>::new());
    let desk = tempfile::tempdir().unwrap();
    let changed = plan + "layout: {text_size: 15}\n";
    fs::write(desk.path().join("ke-hoach.yaml"), changed).unwrap();
    let output = vanban()
        .current_dir(desk.path())
        .args(["check", "ke-hoach.yaml", "--json"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), blocks("json").remove(0));
}

/// The targets of the links and pictures of a Markdown text.
fn links(text: &str) -> Vec<&str> {
    text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect()
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn links_and_pictures_lead_somewhere() {
    for (file, least) in [("README.md", 15), ("templates/README.md", 1), ("CHANGELOG.md", 0)] {
        let text = fs::read_to_string(repository(file)).unwrap();
        let headings = text.lines().filter(|line| line.starts_with('#'));
        let anchors: BTreeSet<String> =
            headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect();
        let links = links(&text);
        assert!(links.len() >= least, "{file}: {links:?}");
        for link in links.into_iter().filter(|link| !link.starts_with("https://")) {
            if let Some(name) = link.strip_prefix('#') {
                assert!(anchors.contains(name), "{file}: no heading for `{link}`");
            } else {
                let target = repository(file).parent().unwrap().join(link);
                assert!(target.exists(), "{file}: `{link}` does not exist");
            }
        }
    }
}

/// The options in a text: `--name`.
fn options(text: &str) -> BTreeSet<String> {
    text.match_indices("--")
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '-'))
        .map(|(at, _)| {
            let name = text[at + 2..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '-');
            format!("--{}", name.collect::<String>())
        })
        .filter(|option| option.len() > 2 && !option.starts_with("---"))
        .collect()
}

#[test]
fn verbs_and_options_are_those_of_the_program() {
    let help = |arguments: &[&str]| {
        let output = vanban().args(arguments).arg("--help").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let verbs_of = |help: &str| -> Vec<String> {
        let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
        let lines = lines.take_while(|line| !line.is_empty() && !line.starts_with("          "));
        let verbs = lines.map(|line| line.split_whitespace().next().unwrap().to_owned());
        verbs.filter(|verb| verb != "help").collect()
    };
    let main = help(&[]);
    let verbs = verbs_of(&main);
    assert!(verbs.len() >= 7, "{main}");
    let mut known = options(&main);
    let text = readme();
    for verb in &verbs {
        let of_verb = help(&[verb]);
        known.extend(options(&of_verb));
        assert!(text.contains(&format!("| `vanban {verb}")), "README does not tell of `{verb}`");
        for below in verbs_of(&of_verb) {
            known.extend(options(&help(&[verb, &below])));
            let told = text.contains(&format!("| `vanban {verb} {below}"));
            assert!(told, "README does not tell of `{verb} {below}`");
        }
    }
    let named = options(&text);
    for option in named.iter().filter(|option| !FOREIGN_OPTIONS.contains(&option.as_str())) {
        assert!(known.contains(option), "there is no option `{option}`");
    }
    for option in known.iter().filter(|option| !["--help", "--version"].contains(&option.as_str()))
    {
        assert!(named.contains(option), "README does not tell of `{option}`");
    }
}

/// The rows of the table of settings: key, default, range.
fn settings() -> Vec<[String; 3]> {
    let text = readme();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `layout."));
    rows.map(|row| {
        let mut cells = row.split('|').map(|cell| cell.trim().to_owned());
        let key = cells.next().unwrap().trim_end_matches('`').to_owned();
        [key, cells.next().unwrap(), cells.next().unwrap()]
    })
    .collect()
}

/// The codes of the findings about a plan with one setting.
fn codes_with(key: &str, value: &str) -> Vec<String> {
    let plan = blocks("yaml").remove(0);
    let setting = match key.split_once('.') {
        Some((group, key)) => format!("{group}: {{{key}: {value}}}"),
        None => format!("{key}: {value}"),
    };
    codes_of(&format!("{plan}layout: {{{setting}}}\n"))
}

#[test]
fn the_settings_have_the_defaults_and_ranges_that_the_table_says() {
    let schema = &RENDERER.catalog().template("plan").unwrap().schema().unwrap().bundle;
    let rows = settings();
    assert_eq!(rows.len(), 13, "{rows:?}");
    for [key, default, range] in rows {
        let pointer =
            format!("/$defs/layout/properties/{}/default", key.replace('.', "/properties/"));
        let found = schema.pointer(&pointer).unwrap_or_else(|| panic!("no setting `{key}`"));
        let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        assert_eq!(found, default, "{key}");
        let fine = |value: &str| codes_with(&key, value).iter().all(|code| *code == "ST04");
        if range.starts_with('`') {
            let values = range.split('`').skip(1).step_by(2);
            values.for_each(|value| assert!(fine(value), "{key}: {value}"));
            assert!(!fine("1.2"), "{key}");
            continue;
        }
        let number = |text: &str| match text.split_once('/') {
            Some((a, b)) => a.parse::<f64>().unwrap() / b.parse::<f64>().unwrap(),
            None => text.parse().unwrap(),
        };
        let (low, rest) = range.split_once(" – ").unwrap();
        let (low, high) = (number(low), number(rest.split(' ').next().unwrap()));
        for (value, allowed) in
            [(low - 0.001, false), (low + 0.001, true), (high, true), (high + 0.001, false)]
        {
            assert_eq!(fine(&format!("{value:.4}")), allowed, "{key}: {value}");
        }
    }
}

fn template_guide() -> String {
    fs::read_to_string(repository("templates/README.md")).unwrap()
}

#[test]
fn the_markup_in_the_guide_is_a_document() {
    let markup = blocks_of(&template_guide(), "xml").remove(0);
    let document = vanban::content::parse(
        &SourceText::new("guide.xml", markup),
        &vanban::block::Images::default(),
    )
    .unwrap();
    assert_eq!(document.body.len(), 2);
    assert_eq!(document.annexes.len(), 1);
    let manifest = blocks_of(&template_guide(), "toml").remove(0);
    let manifest: vanban::catalog::Manifest = toml::from_str(&manifest).unwrap();
    let real = &RENDERER.catalog().template("plan").unwrap().manifest;
    assert_eq!(serde_json::to_value(manifest).unwrap(), serde_json::to_value(real).unwrap());
}

/// The guide's check works, declared in a folder laid over the built-in plan.
#[test]
fn the_check_of_the_guide_finds_what_it_says() {
    let blocks = blocks_of(&template_guide(), "toml");
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("plan/plan")).unwrap();
    let check = blocks.iter().find(|block| block.starts_with("[[check]]")).unwrap();
    let manifest = format!("{}\n{check}", blocks[0]);
    fs::write(folder.path().join("plan/plan/template.toml"), manifest).unwrap();
    let catalog = Catalog::with_folder(folder.path()).unwrap();
    let template = catalog.template("plan").unwrap();
    let [check] = template.checks() else { panic!("{:?}", template.checks()) };
    assert_eq!((check.rule.code.as_str(), check.at.as_str()), ("KH01", "/place"));
    let renderer = Renderer::new(catalog.clone(), FontSet::shipped()).unwrap();
    let findings_of = |data: &str| {
        let input = Input::new("plan.yaml", data.as_bytes());
        renderer.compose(&input).unwrap().findings
    };
    let right = template.sample(false);
    assert_eq!(findings_of(right), []);
    let wrong = right.replace("place: Định Mỹ\n", "");
    assert_ne!(right, wrong);
    let findings = findings_of(&wrong);
    let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(finding.code, "KH01");
    assert_eq!(finding.message.en, "a date needs a place, found nothing");
    assert_eq!(finding.place.as_ref().unwrap().pointer, "");
}

/// Elements, attributes and their values are the quoted words of the reader.
#[test]
fn the_guide_names_every_element_attribute_and_value() {
    let guide = template_guide();
    let mut count = 0;
    for file in ["markup.rs", "parts.rs", "xml.rs"] {
        let source = fs::read_to_string(repository("src/content").join(file)).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap().to_owned();
        for word in source.split('"').skip(1).step_by(2) {
            let plain = word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            // The words of findings about the markup are no markup.
            if !plain
                || ["", "detail", "element", "parent", "allowed", "attribute", "found"]
                    .contains(&word)
            {
                continue;
            }
            assert!(guide.contains(&format!("`{word}`")), "the guide does not name `{word}`");
            count += 1;
        }
    }
    assert!(count > 60, "only {count} words were found in the sources");
}

/// The names in the first column of the table below a heading.
fn names_below(text: &str, heading: &str) -> BTreeSet<String> {
    let rows = text
        .split(heading)
        .nth(1)
        .unwrap()
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with("| `"));
    let name =
        |row: &str| row[3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    rows.map(name).collect()
}

#[test]
fn the_guide_names_every_filter_and_components_that_exist() {
    for (file, heading) in [
        ("filters.rs", "\n| filter | gives |"),
        ("provisions.rs", "\n| filter for checks on what the law allows | gives |"),
        ("derived.rs", "\n| filter for papers derived from a plan | gives |"),
    ] {
        let source = fs::read_to_string(repository("src/content").join(file)).unwrap();
        let filters: BTreeSet<String> = source
            .split("register_filter(\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        assert!(filters.len() >= 5, "{file}: {filters:?}");
        assert_eq!(names_below(&template_guide(), heading), filters);
    }
    let shared = fs::read_to_string(repository("templates/_content/nd30.xml")).unwrap();
    let components = names_below(&template_guide(), "\n| component | writes |");
    assert!(components.len() >= 8, "{components:?}");
    for name in components {
        assert!(shared.contains(&format!("component {name}(")), "there is no component `{name}`");
    }
}
