//! The content streams of a PDF, as far as the program and LibreOffice write
//! them: where each run of text starts, in which font, size and colour, and what
//! is drawn.

/// An operand or an operator of a content stream.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    /// Strings, arrays and dictionaries, whose content is not looked at.
    Other,
    Operator(String),
}

/// A run of text as it is drawn. Lengths are points, `y` from the bottom.
#[derive(Debug, Clone)]
pub struct Shown {
    pub x: f64,
    pub y: f64,
    pub size: f64,
    /// The name of the font among the resources of the page.
    pub font: String,
    pub colour: Vec<f64>,
}

/// A path that is drawn or filled: the box around it.
#[derive(Debug, Clone)]
pub struct Painted {
    pub left: f64,
    pub right: f64,
    pub bottom: f64,
    pub top: f64,
    pub width: f64,
    pub colour: Vec<f64>,
}

/// A picture, or the place of other things drawn apart: the box around it.
#[derive(Debug, Clone)]
pub struct Placed {
    pub left: f64,
    pub right: f64,
    pub bottom: f64,
    pub top: f64,
}

/// What a content stream draws, in its order.
#[derive(Debug, Default)]
pub struct Drawn {
    pub shown: Vec<Shown>,
    pub painted: Vec<Painted>,
    pub placed: Vec<Placed>,
}

type Matrix = [f64; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// `first`, then `then`.
fn concatenate(first: Matrix, then: Matrix) -> Matrix {
    let [x, y] = [0, 1].map(|at| first[4] * then[at] + first[5] * then[at + 2] + then[at + 4]);
    let cell = |row: usize, column: usize| {
        first[2 * row] * then[column] + first[2 * row + 1] * then[column + 2]
    };
    [cell(0, 0), cell(0, 1), cell(1, 0), cell(1, 1), x, y]
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    fill: Vec<f64>,
    stroke: Vec<f64>,
    width: f64,
    font: String,
    size: f64,
}

/// Reads a content stream. An operator that neither the program nor LibreOffice
/// is known to write fails the test, so that nothing on a page goes unmeasured.
pub fn read(bytes: &[u8]) -> Drawn {
    let mut reader = Reader {
        state: State {
            matrix: IDENTITY,
            fill: vec![0.0],
            stroke: vec![0.0],
            width: 1.0,
            font: String::new(),
            size: 0.0,
        },
        stack: Vec::new(),
        text: IDENTITY,
        path: Vec::new(),
        drawn: Drawn::default(),
    };
    let mut operands = Vec::new();
    for token in tokens(bytes) {
        if let Token::Operator(operator) = &token {
            reader.run(operator, &operands);
            operands.clear();
        } else {
            operands.push(token);
        }
    }
    reader.drawn
}

struct Reader {
    state: State,
    stack: Vec<State>,
    text: Matrix,
    path: Vec<(f64, f64)>,
    drawn: Drawn,
}

impl Reader {
    fn run(&mut self, operator: &str, operands: &[Token]) {
        let numbers: Vec<f64> = operands
            .iter()
            .filter_map(
                |token| if let Token::Number(number) = token { Some(*number) } else { None },
            )
            .collect();
        match operator {
            "q" => self.stack.push(self.state.clone()),
            "Q" => self.state = self.stack.pop().expect("a saved state"),
            "cm" => self.state.matrix = concatenate(matrix(&numbers), self.state.matrix),
            "scn" | "sc" | "g" | "rg" => self.state.fill = numbers,
            "SCN" | "SC" | "G" | "RG" => self.state.stroke = numbers,
            "w" => self.state.width = numbers[0],
            "Tr" => assert_eq!(numbers, [0.0], "text is filled, neither outlined nor hidden"),
            "BT" => self.text = IDENTITY,
            "Tm" => self.text = matrix(&numbers),
            "Td" => {
                self.text = concatenate([1.0, 0.0, 0.0, 1.0, numbers[0], numbers[1]], self.text);
            }
            "Tf" => {
                let Token::Name(name) = &operands[0] else { panic!("a font name") };
                self.state.font.clone_from(name);
                self.state.size = numbers[0];
            }
            "Tj" | "TJ" => self.show(),
            "m" | "l" => self.point(numbers[0], numbers[1]),
            "re" => {
                self.point(numbers[0], numbers[1]);
                self.point(numbers[0] + numbers[2], numbers[1] + numbers[3]);
            }
            "S" | "s" | "B" | "B*" | "b" | "b*" => {
                self.paint(self.state.stroke.clone(), self.state.width);
            }
            "f" | "f*" => self.paint(self.state.fill.clone(), 0.0),
            "n" => self.path.clear(),
            "Do" => self.place(),
            "h" | "W" | "W*" | "M" | "J" | "j" | "d" | "cs" | "CS" | "gs" | "ET" | "BDC"
            | "BMC" | "EMC" => {}
            _ => panic!("operator `{operator}` in a content stream"),
        }
    }

    fn show(&mut self) {
        let [scale, turn_x, turn_y, scale_y, x, y] = concatenate(self.text, self.state.matrix);
        let upright = turn_x == 0.0 && turn_y == 0.0 && scale > 0.0;
        assert!(upright && (scale - scale_y).abs() < 1e-6, "text stands upright, not stretched");
        self.drawn.shown.push(Shown {
            x,
            y,
            size: self.state.size * scale,
            font: self.state.font.clone(),
            colour: self.state.fill.clone(),
        });
    }

    /// Pictures fill the unit square.
    fn place(&mut self) {
        self.point(0.0, 0.0);
        self.point(1.0, 1.0);
        let [(x, y), (to_x, to_y)] = self.path[..] else { panic!("a path before a picture") };
        self.path.clear();
        self.drawn.placed.push(Placed {
            left: x.min(to_x),
            right: x.max(to_x),
            bottom: y.min(to_y),
            top: y.max(to_y),
        });
    }

    fn point(&mut self, x: f64, y: f64) {
        let [.., x, y] = concatenate([1.0, 0.0, 0.0, 1.0, x, y], self.state.matrix);
        self.path.push((x, y));
    }

    fn paint(&mut self, colour: Vec<f64>, width: f64) {
        let xs = || self.path.iter().map(|point| point.0);
        let ys = || self.path.iter().map(|point| point.1);
        self.drawn.painted.push(Painted {
            left: xs().fold(f64::MAX, f64::min),
            right: xs().fold(f64::MIN, f64::max),
            bottom: ys().fold(f64::MAX, f64::min),
            top: ys().fold(f64::MIN, f64::max),
            width,
            colour,
        });
        self.path.clear();
    }
}

fn matrix(numbers: &[f64]) -> Matrix {
    numbers.try_into().expect("six numbers")
}

fn tokens(bytes: &[u8]) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let (token, next) = match bytes[at] {
            byte if byte.is_ascii_whitespace() || byte == 0 => {
                at += 1;
                continue;
            }
            b'(' | b'<' | b'[' => (Token::Other, skip(bytes, at)),
            b'/' => {
                let end = word_end(bytes, at + 1);
                (Token::Name(text(&bytes[at + 1..end])), end)
            }
            _ => {
                let end = word_end(bytes, at);
                let word = text(&bytes[at..end]);
                let number = word.parse().map(Token::Number);
                (number.unwrap_or(Token::Operator(word)), end)
            }
        };
        assert!(next > at, "byte {:?} in a content stream", bytes[at] as char);
        out.push(token);
        at = next;
    }
    out
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn word_end(bytes: &[u8], from: usize) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"()<>[]{}/%".contains(byte);
    bytes[from..].iter().position(ends).map_or(bytes.len(), |length| from + length)
}

/// The end of the string, array or dictionary that starts at `from`.
fn skip(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    let mut depth = 0;
    loop {
        match bytes[at] {
            b'(' => at = string_end(bytes, at) - 1,
            b'[' | b'<' => depth += 1,
            b']' | b'>' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
}

fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    let mut depth = 0;
    loop {
        match bytes[at] {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
}

#[test]
fn positions_sizes_and_colours_come_from_the_operators() {
    let stream = br"/Span<</MCID 0>>BDC
q 1 0 0 -1 100 700 cm /c0 cs 0 scn BT 0 Tr/f0 13 Tf 1 0 0 -1 0 0 Tm[(\000\(\)\\)37.1(a)]TJ ET Q
q 1 0 0 -1 50 60 cm /c1 CS 1 0 0 SCN 0.5 w 0 0 m 20 0 l 20 10 l h S Q EMC";
    let Drawn { shown, painted, .. } = read(stream);
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].x, shown[0].y, shown[0].size), (100.0, 700.0, 13.0));
    assert_eq!((shown[0].font.as_str(), shown[0].colour.as_slice()), ("f0", [0.0].as_slice()));
    assert_eq!(painted.len(), 1);
    assert_eq!((painted[0].left, painted[0].right), (50.0, 70.0));
    assert_eq!((painted[0].bottom, painted[0].top, painted[0].width), (50.0, 60.0, 0.5));
    assert_eq!(painted[0].colour, [1.0, 0.0, 0.0]);
}

#[test]
fn streams_of_libreoffice_are_read_too() {
    let stream = br"0.1 w
q 0 0.028 595.275 841.861 re
W* n
q 1 0 0 rg
BT
131.9 772.989 Td /F1 13 Tf[<010203>4<04>-2(\t)7<0806>]TJ
ET
Q
q 0.75 w 0 J 1 j
141.8 754.889 m
244.25 754.889 l S
Q
q 85.05 0 0 42 94.1 345.889 cm
/Im22 Do Q
Q ";
    let Drawn { shown, painted, placed } = read(stream);
    assert_eq!((shown.len(), painted.len(), placed.len()), (1, 1, 1));
    assert_eq!((shown[0].x, shown[0].y, shown[0].size), (131.9, 772.989, 13.0));
    assert_eq!(
        (shown[0].font.as_str(), shown[0].colour.as_slice()),
        ("F1", [1.0, 0.0, 0.0].as_slice())
    );
    assert_eq!((painted[0].left, painted[0].right, painted[0].width), (141.8, 244.25, 0.75));
    assert_eq!((placed[0].left, placed[0].right), (94.1, 94.1 + 85.05));
    assert_eq!((placed[0].bottom, placed[0].top), (345.889, 345.889 + 42.0));
}
