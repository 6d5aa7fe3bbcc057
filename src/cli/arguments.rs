use std::ffi::OsStr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::app::SessionOptions;
use crate::base::Language;
use crate::pipeline::{Emit, Format};
use crate::store::Scope;
use crate::viet::Moment;

/// Tạo văn bản hành chính đúng thể thức Nghị định 30/2020/NĐ-CP từ dữ liệu.
#[derive(Debug, Parser)]
#[command(name = "vanban", version, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub verb: Verb,

    /// Ngôn ngữ của thông báo: vi hoặc en
    #[arg(long, global = true, default_value = "vi", value_name = "vi|en")]
    pub lang: Language,

    /// Thư mục mẫu đặt chồng lên các mẫu có sẵn; tệp trùng tên thì tệp của bạn được dùng
    #[arg(long, global = true, value_name = "DIR")]
    pub templates: Option<PathBuf>,

    /// Thư mục phông chữ được dùng trước phông có sẵn (ví dụ Times New Roman của cơ quan)
    #[arg(long, global = true, value_name = "DIR")]
    pub font_dir: Option<PathBuf>,

    /// Ngày ghi trong thông tin tệp khi văn bản chưa có ngày (yyyy-mm-dd); với dossier check là thời
    /// điểm xem xét thời hạn, có thể kèm giờ (yyyy-mm-ddThh:mm)
    #[arg(long, global = true, value_name = "DATE")]
    pub as_of: Option<Moment>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Tạo văn bản từ tệp dữ liệu YAML hoặc JSON
    Render(RenderArguments),
    /// Tạo văn bản cho từng dòng của một bảng tính hoặc danh sách
    Batch(BatchArguments),
    /// Tiến trình phụ của batch
    #[command(hide = true)]
    BatchWorker,
    /// Chạy dịch vụ HTTP: nhận dữ liệu JSON hoặc YAML, trả văn bản
    Serve(ServeArguments),
    /// Tiến trình phụ của serve
    #[command(hide = true)]
    ServiceWorker,
    /// Khóa của những người gọi dịch vụ
    #[command(subcommand)]
    Key(KeyVerb),
    /// In nhật ký truy cập của dịch vụ
    AccessLog(AccessLogArguments),
    /// Kiểm tra tệp dữ liệu, không tạo văn bản
    Check(CheckArguments),
    /// Kiểm tra hồ sơ của một vụ việc theo thủ tục: giấy tờ, thời hạn
    #[command(subcommand)]
    Dossier(DossierVerb),
    /// Giải thích một mã phát hiện, kèm ví dụ sai và đúng
    Explain(ExplainArguments),
    /// Liệt kê các mẫu
    Templates(TemplatesArguments),
    /// In lược đồ dữ liệu (JSON Schema 2020-12) của một mẫu
    Schema(SchemaArguments),
    /// In dữ liệu mẫu để sửa thành của bạn
    Sample(SampleArguments),
    /// Liệt kê phông chữ
    Fonts(ListArguments),
    /// In tệp gợi ý lệnh cho shell
    Completions(CompletionsArguments),
}

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Tệp cấu hình TOML; xem --print-config
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Địa chỉ và cổng lắng nghe; mặc định 127.0.0.1:8080. Ngoài địa chỉ nội bộ của máy, người gọi
    /// phải có khóa
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<std::net::SocketAddr>,

    /// Thư mục giữ khóa và nhật ký truy cập
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Tệp thông tin cơ quan dùng chung cho các hồ sơ
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,

    /// In cấu hình mặc định kèm chú giải rồi thôi
    #[arg(long)]
    pub print_config: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyVerb {
    /// Tạo khóa và in ra một lần duy nhất
    Create(KeyCreateArguments),
    /// Liệt kê các khóa: mã, tên, phạm vi, tình trạng, ngày tạo, lần dùng cuối
    List(DataFolderArguments),
    /// Thu hồi khóa; dịch vụ đang chạy từ chối khóa đó ngay
    Revoke(KeyRevokeArguments),
}

#[derive(Debug, Args)]
pub(super) struct DataFolderArguments {
    /// Thư mục giữ khóa và nhật ký truy cập, thay cho thư mục dữ liệu của người dùng
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// In dưới dạng JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct KeyCreateArguments {
    /// Tên của người gọi, ví dụ "Cổng dịch vụ công"; ghi trong nhật ký truy cập
    #[arg(value_name = "NAME")]
    pub name: String,

    /// Phạm vi được dùng, ghi được nhiều: --scopes render,dossier
    #[arg(long, value_enum, value_delimiter = ',', required = true)]
    pub scopes: Vec<ScopeName>,

    /// Ngày cuối cùng khóa còn dùng được (yyyy-mm-dd, giờ Việt Nam)
    #[arg(long, value_name = "DATE", conflicts_with = "days")]
    pub expires: Option<chrono::NaiveDate>,

    /// Số ngày khóa dùng được; không ghi thì dùng được đến khi thu hồi
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub days: Option<u16>,

    /// Số yêu cầu được gửi trong một phút; không ghi thì theo cấu hình của dịch vụ
    #[arg(long, value_name = "N")]
    pub rate: Option<NonZeroU32>,

    /// Số yêu cầu được gửi cùng một lúc; không ghi thì theo cấu hình của dịch vụ
    #[arg(long, value_name = "N")]
    pub concurrent: Option<NonZeroU32>,

    #[command(flatten)]
    pub data: DataFolderArguments,
}

/// What a key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ScopeName {
    /// Tạo và kiểm tra văn bản, tạo văn bản hàng loạt
    Render,
    /// Lập và kiểm tra hồ sơ
    Dossier,
    /// Xem số liệu vận hành của dịch vụ
    Admin,
}

impl ScopeName {
    pub fn scope(self) -> Scope {
        match self {
            Self::Render => Scope::Render,
            Self::Dossier => Scope::Dossier,
            Self::Admin => Scope::Admin,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct KeyRevokeArguments {
    /// Mã hoặc tên của khóa; xem vanban key list
    #[arg(value_name = "KEY")]
    pub key: String,

    #[command(flatten)]
    pub data: DataFolderArguments,
}

#[derive(Debug, Args)]
pub(super) struct AccessLogArguments {
    /// Chỉ in từ ngày này (yyyy-mm-dd, có thể kèm giờ: yyyy-mm-ddThh:mm; giờ Việt Nam)
    #[arg(long, value_name = "DATE")]
    pub since: Option<Moment>,

    /// Chỉ in đến hết ngày này, hoặc trước giờ này
    #[arg(long, value_name = "DATE")]
    pub until: Option<Moment>,

    /// Chỉ in của người gọi này: tên hoặc mã của khóa, hoặc local
    #[arg(long, value_name = "NAME")]
    pub caller: Option<String>,

    /// Thư mục giữ khóa và nhật ký truy cập, thay cho thư mục dữ liệu của người dùng
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// In dưới dạng JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,

    /// In dưới dạng CSV, có hàng tiêu đề
    #[arg(long)]
    pub csv: bool,
}

#[derive(Debug, Args)]
pub(super) struct RenderArguments {
    /// Tệp dữ liệu; - là đầu vào chuẩn
    #[arg(value_name = "FILE", required_unless_present = "blank")]
    pub file: Option<PathBuf>,

    /// In biểu mẫu để trống, không cần tệp dữ liệu: --blank --template ID
    #[arg(long, requires = "template", conflicts_with_all = ["file", "watch"])]
    pub blank: bool,

    /// Tệp kết quả; - là đầu ra chuẩn. Mặc định nằm cạnh tệp dữ liệu. Với nhiều định dạng, mỗi
    /// tệp lấy tên này với đuôi của định dạng mình; với một định dạng, tên được giữ nguyên
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,

    /// Định dạng kết quả, ghi được nhiều: --format pdf,docx. Không ghi thì theo đuôi của OUT, và
    /// nếu đuôi không phải của định dạng nào thì là pdf
    #[arg(long, value_enum, value_delimiter = ',')]
    pub format: Vec<FormatName>,

    /// Dừng sau một bước và in kết quả của bước đó ra đầu ra chuẩn
    #[arg(long, value_name = "data|markup|blocks|typst|text|html|docx|places")]
    pub emit: Option<Emit>,

    /// Mẫu cần dùng, thay cho mẫu ghi trong tệp
    #[arg(long, value_name = "ID")]
    pub template: Option<String>,

    /// Tùy chọn của mẫu, ghi được nhiều lần; xem vanban templates --json
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = option)]
    pub options: Vec<(String, String)>,

    /// Tệp thông tin cơ quan (tên, ký hiệu, địa danh, người ký) dùng chung cho các hồ sơ; dữ liệu
    /// của hồ sơ được ưu tiên
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,

    /// Tạo lại mỗi khi tệp dữ liệu hoặc thư mục mẫu thay đổi
    #[arg(long)]
    pub watch: bool,

    /// In kết quả và các phát hiện dưới dạng JSON
    #[arg(long)]
    pub json: bool,
}

impl RenderArguments {
    /// The data file. A blank form has none: what it is written to is called like the
    /// template.
    pub fn data_file(&self) -> PathBuf {
        let blank = || PathBuf::from(self.template.clone().unwrap_or_default());
        self.file.clone().unwrap_or_else(blank)
    }

    /// The formats asked for, each once.
    pub fn formats(&self) -> Vec<Format> {
        let mut formats = each_once(&self.format);
        if formats.is_empty() {
            let output = self.output.as_deref();
            let extension = output.and_then(Path::extension).and_then(OsStr::to_str);
            formats.push(extension.and_then(Format::of_extension).unwrap_or(Format::Pdf));
        }
        formats
    }
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(super) struct BatchArguments {
    /// Mẫu của các văn bản
    #[arg(long, value_name = "ID", required_unless_present = "sample")]
    pub template: Option<String>,

    /// Bảng tính (xlsx, xls, ods), tệp csv, hoặc danh sách trong tệp YAML, JSON
    #[arg(long, value_name = "FILE", required_unless_present = "sample")]
    pub data: Option<PathBuf>,

    /// Tệp nén .zip, hoặc thư mục mới, chứa các văn bản; với --merge: tệp PDF; với --sample: tệp
    /// bảng tính
    #[arg(short, long, value_name = "OUT", required_unless_present = "sample")]
    pub output: Option<PathBuf>,

    /// Tệp YAML hoặc JSON có những giá trị chung của mọi văn bản; giá trị trong bảng được ưu tiên
    #[arg(long, value_name = "FILE")]
    pub common: Option<PathBuf>,

    /// Tệp thông tin cơ quan (tên, ký hiệu, địa danh, người ký)
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,

    /// Trang của bảng tính; không ghi thì là trang có hàng tiêu đề khớp mẫu nhiều nhất
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,

    /// Hàng tiêu đề của bảng, đếm từ 1; không ghi thì tìm trong 20 hàng đầu
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub header_row: Option<u32>,

    /// Định dạng, ghi được nhiều: --format pdf,docx
    #[arg(long, value_enum, value_delimiter = ',', default_value = "pdf")]
    pub format: Vec<FormatName>,

    /// Ghép mọi văn bản vào một tệp PDF để in hai mặt, mỗi văn bản bắt đầu một tờ mới
    #[arg(long, conflicts_with_all = ["format", "jobs"])]
    pub merge: bool,

    /// Vẫn tạo văn bản của các dòng đúng khi có dòng sai; báo cáo nằm cùng các văn bản
    #[arg(long)]
    pub keep_going: bool,

    /// Số tiến trình cùng làm; không ghi thì bằng số nhân của máy
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,

    /// In kết quả và các phát hiện dưới dạng JSON
    #[arg(long)]
    pub json: bool,

    /// Không in tiến độ và kết quả, chỉ in các phát hiện
    #[arg(long)]
    pub quiet: bool,

    /// Ghi bảng tính trống để điền cho mẫu này: cột, lời giải thích, danh sách chọn
    #[arg(long, value_name = "ID", conflicts_with_all = ["template", "data", "common", "profile", "sheet", "header_row", "merge", "keep_going", "jobs", "json"])]
    pub sample: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FormatName {
    /// PDF/A-2a, PDF/UA-1
    Pdf,
    /// Tệp Word
    Docx,
    /// Trang web trong một tệp
    Html,
    /// Văn bản thuần
    Txt,
    /// Ảnh nét của từng trang: NAME.svg, nhiều trang thì NAME-1.svg, NAME-2.svg …
    Svg,
    /// Ảnh điểm của từng trang, 150 điểm mỗi inch
    Png,
}

impl FormatName {
    fn format(self) -> Format {
        match self {
            Self::Pdf => Format::Pdf,
            Self::Docx => Format::Docx,
            Self::Html => Format::Html,
            Self::Txt => Format::Text,
            Self::Svg => Format::Svg,
            Self::Png => Format::Png,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Các tệp dữ liệu; - là đầu vào chuẩn
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// Mẫu cần dùng, thay cho mẫu ghi trong tệp
    #[arg(long, value_name = "ID")]
    pub template: Option<String>,

    /// Tùy chọn của mẫu, ghi được nhiều lần; xem vanban templates --json
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = option)]
    pub options: Vec<(String, String)>,

    /// Tệp thông tin cơ quan (tên, ký hiệu, địa danh, người ký) dùng chung cho các hồ sơ; dữ liệu
    /// của hồ sơ được ưu tiên
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,

    /// Mức phát hiện cũng bị coi là không đạt (mã thoát 1), ngoài lỗi
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub deny: Option<Deny>,

    /// Cách in các phát hiện
    #[arg(long, value_enum, default_value = "human", value_name = "FORMAT")]
    pub format: ReportFormat,

    /// Viết gọn của --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
}

impl CheckArguments {
    pub fn report_format(&self) -> ReportFormat {
        if self.json { ReportFormat::Json } else { self.format }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum DossierVerb {
    /// Kiểm tra giấy tờ nào có, thiếu, không cần; thời hạn nào đang tính, đã quá
    Check(DossierCheckArguments),
    /// Lập hồ sơ: giấy tờ theo thứ tự, đánh bút lục, bảng thống kê, các bộ
    Build(DossierBuildArguments),
    /// Liệt kê các thủ tục
    Procedures(ListArguments),
}

#[derive(Debug, Args)]
pub(super) struct DossierBuildArguments {
    /// Tệp hồ sơ
    #[arg(value_name = "CASE")]
    pub file: PathBuf,

    /// Thủ tục, thay cho thủ tục ghi trong tệp; xem vanban dossier procedures
    #[arg(long, value_name = "ID")]
    pub procedure: Option<String>,

    /// Nơi ghi: tệp .zip (tất cả), tệp .pdf (một bộ để in) hoặc thư mục mới; - là zip ra đầu ra chuẩn.
    /// Mặc định là tệp .zip cạnh tệp hồ sơ
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,

    /// Bộ in ra tệp .pdf, ví dụ police; mặc định là bộ đầu tiên
    #[arg(long, value_name = "SET")]
    pub set: Option<String>,

    /// Bút lục đầu tiên
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub start: usize,

    /// Đánh số từng trang thay vì từng tờ
    #[arg(long)]
    pub per_page: bool,

    /// In một mặt: mỗi trang một tờ
    #[arg(long)]
    pub simplex: bool,

    /// Chữ đóng ở bút lục; {n} là số
    #[arg(long, value_name = "TEXT", default_value = "{n}")]
    pub stamp: String,

    /// Góc trang đóng bút lục
    #[arg(long, value_name = "CORNER", default_value = "top-right")]
    pub stamp_at: StampCorner,

    /// Tệp thông tin cơ quan (tên, ký hiệu, địa danh, người ký) dùng chung cho các hồ sơ; dữ liệu
    /// của hồ sơ được ưu tiên
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,

    /// In dưới dạng JSON
    #[arg(long)]
    pub json: bool,
}

/// A corner of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum StampCorner {
    TopRight,
    TopLeft,
    BottomRight,
    BottomLeft,
}

#[derive(Debug, Args)]
pub(super) struct DossierCheckArguments {
    /// Tệp hồ sơ
    #[arg(value_name = "CASE")]
    pub file: PathBuf,

    /// Thủ tục, thay cho thủ tục ghi trong tệp; xem vanban dossier procedures
    #[arg(long, value_name = "ID")]
    pub procedure: Option<String>,

    /// Lịch của cơ quan đặt chồng lên ngày nghỉ lễ: tệp CSV có các cột date, day_off (1 nghỉ, 0 làm
    /// việc), name
    #[arg(long, value_name = "FILE")]
    pub calendar: Option<PathBuf>,

    /// Tệp thông tin cơ quan (tên, ký hiệu, địa danh, người ký) dùng chung cho các hồ sơ; dữ liệu
    /// của hồ sơ được ưu tiên
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,

    /// Danh mục kiểm tra để in: tệp pdf, docx, html hoặc txt theo đuôi
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,

    /// In dưới dạng JSON
    #[arg(long)]
    pub json: bool,
}

/// What `check` refuses besides errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Deny {
    /// Cảnh báo
    Warnings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// Để đọc trên màn hình
    Human,
    /// Cho chương trình khác
    Json,
    /// SARIF 2.1.0, cho trình soạn thảo và kho mã nguồn
    Sarif,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// Mã, ví dụ PG03; không ghi thì liệt kê mọi mã
    #[arg(value_name = "CODE")]
    pub code: Option<String>,

    /// In dưới dạng JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct TemplatesArguments {
    /// Chỉ liệt kê mẫu có mọi từ này trong tên, mã, nguồn, hoặc mẫu cũ mà nó thay: "NĐ 116 mẫu 29"
    #[arg(long, value_name = "WORDS")]
    pub find: Option<String>,

    /// In dưới dạng JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// In dưới dạng JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// Mẫu
    #[arg(value_name = "ID")]
    pub id: String,
}

#[derive(Debug, Args)]
pub(super) struct SampleArguments {
    /// Mẫu
    #[arg(value_name = "ID")]
    pub id: String,

    /// Dữ liệu đầy đủ thay vì tối thiểu
    #[arg(long)]
    pub full: bool,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// Loại shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// The formats, each once.
pub(super) fn each_once(names: &[FormatName]) -> Vec<Format> {
    let mut formats: Vec<Format> = Vec::new();
    for format in names.iter().map(|name| name.format()) {
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    formats
}

/// `NAME=VALUE`.
fn option(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

impl Arguments {
    pub fn session(&self) -> SessionOptions {
        SessionOptions {
            templates: self.templates.clone(),
            fonts: self.font_dir.clone(),
            as_of: self.as_of.map(Moment::day),
            profile: match &self.verb {
                Verb::Render(verb) => verb.profile.clone(),
                Verb::Check(verb) => verb.profile.clone(),
                Verb::Batch(verb) => verb.profile.clone(),
                Verb::Dossier(DossierVerb::Check(verb)) => verb.profile.clone(),
                Verb::Dossier(DossierVerb::Build(verb)) => verb.profile.clone(),
                _ => None,
            },
        }
    }
}
