//! WGSL with its loops unrolled.
//!
//! The sums of an invocation must live in registers, and a driver's compiler keeps them there for
//! certain only when each has a name and no loop runs over them. So the shaders of this room are
//! templates. A line that starts with `//@` belongs to the template:
//!
//! - `//@ for Y ROWS, X 4` … `//@ end` repeats the lines between, `X` fastest;
//! - `//@ if NAME` … `//@ else` … `//@ end` keeps one of the two, by whether `NAME` is not zero;
//!   `//@ unless NAME` … `//@ end` is the same the other way round.
//!
//! Elsewhere `{Y+1}` is replaced by its value: sums, products, quotients and remainders of numbers,
//! loop variables and constants, without a space.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The numbers that a template is compiled for.
pub(super) type Constants = BTreeMap<&'static str, usize>;

/// A shader's text: `constants` as WGSL constants, then `template` unrolled for them.
pub(super) fn expand(template: &str, constants: &Constants) -> String {
    let mut text = String::new();
    for (name, value) in constants {
        let _ = writeln!(text, "const {name} = {value}u;");
    }
    let names = constants.iter().map(|(&name, &value)| (name, value));
    let lines: Vec<_> = template.lines().collect();
    block(&lines, &mut names.collect(), &mut text);
    text
}

/// What a line is to the template.
enum Line<'a> {
    For(&'a str),
    If(&'a str),
    Unless(&'a str),
    Else,
    End,
    Text,
}

fn kind(line: &str) -> Line<'_> {
    let Some(directive) = line.trim_start().strip_prefix("//@") else {
        return Line::Text;
    };
    let directive = directive.trim();
    match directive.split_once(' ') {
        Some(("for", loops)) => Line::For(loops),
        Some(("if", name)) => Line::If(name),
        Some(("unless", name)) => Line::Unless(name),
        None if directive == "else" => Line::Else,
        None if directive == "end" => Line::End,
        _ => panic!("{line:?} is no directive of a template"),
    }
}

fn block<'a>(lines: &[&'a str], names: &mut BTreeMap<&'a str, usize>, text: &mut String) {
    let mut at = 0;
    while let Some(&line) = lines.get(at) {
        at += 1;
        match kind(line) {
            Line::Text => {
                substitute(line, names, text);
                text.push('\n');
            }
            Line::For(loops) => {
                let (body, _, after) = bounds(lines, at);
                let loops: Vec<_> = loops
                    .split(',')
                    .filter_map(|one| one.trim().split_once(' '))
                    .map(|(name, count)| (name, value(count, names)))
                    .collect();
                repeat(&loops, &lines[at..body], names, text);
                at = after;
            }
            Line::If(name) | Line::Unless(name) => {
                let (body, other, after) = bounds(lines, at);
                let unless = matches!(kind(line), Line::Unless(_));
                if (value(name, names) != 0) != unless {
                    block(&lines[at..body], names, text);
                } else {
                    block(&lines[other..after - 1], names, text);
                }
                at = after;
            }
            Line::Else | Line::End => panic!("an end without a beginning in a template"),
        }
    }
}

/// Where a block that starts at line `at` ends, where what stands behind its `else` starts, and
/// the line behind its `end`.
fn bounds(lines: &[&str], at: usize) -> (usize, usize, usize) {
    let mut depth = 0;
    let mut otherwise = None;
    for (i, line) in lines.iter().enumerate().skip(at) {
        match kind(line) {
            Line::For(_) | Line::If(_) | Line::Unless(_) => depth += 1,
            Line::Else if depth == 0 => otherwise = Some(i),
            Line::End if depth == 0 => {
                return (
                    otherwise.unwrap_or(i),
                    otherwise.map_or(i, |e| e + 1),
                    i + 1,
                );
            }
            Line::End => depth -= 1,
            Line::Else | Line::Text => {}
        }
    }
    panic!("a beginning without an end in a template")
}

fn repeat<'a>(
    loops: &[(&'a str, usize)],
    body: &[&'a str],
    names: &mut BTreeMap<&'a str, usize>,
    text: &mut String,
) {
    let Some((&(name, count), inner)) = loops.split_first() else {
        return block(body, names, text);
    };
    for value in 0..count {
        names.insert(name, value);
        repeat(inner, body, names, text);
    }
    names.remove(name);
}

/// Copies `line` with every `{…}` that holds an expression replaced by its value.
fn substitute(line: &str, names: &BTreeMap<&str, usize>, text: &mut String) {
    let mut rest = line;
    while let Some(open) = rest.find('{') {
        let (before, behind) = rest.split_at(open);
        text.push_str(before);
        let inside = behind[1..].find('}').map(|close| &behind[1..=close]);
        match inside {
            Some(expression) if !expression.is_empty() && !expression.contains(' ') => {
                let _ = write!(text, "{}", value(expression, names));
                rest = &behind[expression.len() + 2..];
            }
            _ => {
                text.push('{');
                rest = &behind[1..];
            }
        }
    }
    text.push_str(rest);
}

/// The value of an expression; `*`, `/` and `%` bind tighter than `+` and `-`.
fn value(expression: &str, names: &BTreeMap<&str, usize>) -> usize {
    let operand = |text: &str| {
        let number = text.parse().ok().or_else(|| names.get(text).copied());
        number.unwrap_or_else(|| panic!("{text:?} has no value in a template"))
    };
    let product = |text: &str| {
        let signs = text.matches(['*', '/', '%']);
        let mut operands = text.split(['*', '/', '%']).map(operand);
        let first = operands.next().unwrap_or(0);
        signs
            .zip(operands)
            .fold(first, |value, (sign, next)| match sign {
                "*" => value * next,
                "/" => value / next,
                _ => value % next,
            })
    };
    let signs = expression.matches(['+', '-']);
    let mut terms = expression.split(['+', '-']).map(product);
    let first = terms.next().unwrap_or(0);
    signs
        .zip(terms)
        .fold(first, |value, (sign, next)| match sign {
            "+" => value + next,
            _ => value - next,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unrolled(template: &str, constants: &[(&'static str, usize)]) -> String {
        let constants: Constants = constants.iter().copied().collect();
        let text = expand(template, &constants);
        let own = text.lines().skip(constants.len()).collect::<Vec<_>>();
        own.join("\n")
    }

    #[test]
    fn loops_are_unrolled_with_the_last_variable_fastest() {
        let template = "//@ for Y ROWS, X 2\nlet a{Y}_{X+1} = { b[{2*Y+X%2}] };\n//@ end";
        assert_eq!(
            unrolled(template, &[("ROWS", 2)]),
            "let a0_1 = { b[0] };\nlet a0_2 = { b[1] };\nlet a1_1 = { b[2] };\nlet a1_2 = { b[3] };"
        );
    }

    #[test]
    fn one_side_of_a_condition_is_kept() {
        let template = "//@ if A\n//@ for I 2\nx{I}\n//@ end\n//@ else\ny\n//@ end\nz";
        assert_eq!(unrolled(template, &[("A", 1)]), "x0\nx1\nz");
        assert_eq!(unrolled(template, &[("A", 0)]), "y\nz");
        let template = "//@ unless A\nx\n//@ end\nz";
        assert_eq!(unrolled(template, &[("A", 0)]), "x\nz");
        assert_eq!(unrolled(template, &[("A", 1)]), "z");
    }

    #[test]
    fn constants_are_declared_before_the_text() {
        let constants = [("SIDE", 8)].into_iter().collect();
        assert_eq!(
            expand("let a = SIDE;", &constants),
            "const SIDE = 8u;\nlet a = SIDE;\n"
        );
    }
}
