//! How inputs are changed: as trees of DER, so that a change inside leaves the lengths around it
//! right and reaches past the outermost reader.

use libfuzzer_sys::fuzzer_mutate;

/// Deeper elements are taken as octets.
const DEEPEST: usize = 24;
/// What a change may add to one element.
const ROOM: usize = 64;

/// One element, or octets that are none.
#[derive(Clone)]
enum Node {
    Octets(Vec<u8>),
    Primitive {
        tag: u8,
        content: Vec<u8>,
    },
    /// `prefix` is the number of unused bits of a BIT STRING that holds elements.
    Nested {
        tag: u8,
        prefix: Vec<u8>,
        children: Vec<Node>,
    },
}

/// Changes `data[..size]` in place and says how long it is then: once in four times as libFuzzer
/// does, else one element of the tree.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed) << 1 | 1);
    if dice.roll(4) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    let mut nodes = read_all(&data[..size], 0);
    let count = nodes.iter().map(Node::count).sum::<usize>();
    if count == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    let mut donor = find(&mut nodes, dice.roll(count)).cloned();
    if let Some(Node::Nested { children, .. }) = &mut donor {
        children.truncate(8);
    }
    change(&mut nodes, dice.roll(count), donor, &mut dice);
    let mut changed = Vec::with_capacity(size + ROOM);
    nodes.iter().for_each(|node| node.write(&mut changed));
    if changed.is_empty() || changed.len() > max_size {
        return fuzzer_mutate(data, size, max_size);
    }
    data[..changed.len()].copy_from_slice(&changed);
    changed.len()
}

impl Node {
    fn count(&self) -> usize {
        match self {
            Self::Nested { children, .. } => 1 + children.iter().map(Self::count).sum::<usize>(),
            _ => 1,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Octets(octets) => out.extend_from_slice(octets),
            Self::Primitive { tag, content } => write_element(*tag, content, out),
            Self::Nested {
                tag,
                prefix,
                children,
            } => {
                let mut content = prefix.clone();
                children.iter().for_each(|child| child.write(&mut content));
                write_element(*tag, &content, out);
            }
        }
    }
}

fn write_element(tag: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    match content.len() {
        length @ ..0x80 => out.push(length as u8),
        length @ 0x80..0x100 => out.extend([0x81, length as u8]),
        length @ 0x100..0x1_0000 => out.extend([0x82, (length >> 8) as u8, length as u8]),
        length => out.extend([
            0x83,
            (length >> 16) as u8,
            (length >> 8) as u8,
            length as u8,
        ]),
    }
    out.extend_from_slice(content);
}

/// The elements that these octets are one after the other, then what is none.
fn read_all(mut octets: &[u8], depth: usize) -> Vec<Node> {
    let mut nodes = Vec::new();
    while let Some((tag, content, rest)) = read(octets) {
        nodes.push(node(tag, content, depth));
        octets = rest;
    }
    if !octets.is_empty() {
        nodes.push(Node::Octets(octets.to_vec()));
    }
    nodes
}

fn node(tag: u8, content: &[u8], depth: usize) -> Node {
    let (prefix, inner) = match tag {
        0x03 if content.first() == Some(&0) => content.split_at(1),
        _ => content.split_at(0),
    };
    let may_hold = tag & 0x20 != 0 || matches!(tag, 0x03 | 0x04);
    if may_hold && depth < DEEPEST && holds_elements(inner) {
        let (prefix, children) = (prefix.to_vec(), read_all(inner, depth + 1));
        return Node::Nested {
            tag,
            prefix,
            children,
        };
    }
    let content = content.to_vec();
    Node::Primitive { tag, content }
}

fn holds_elements(mut octets: &[u8]) -> bool {
    while let Some((_, _, rest)) = read(octets) {
        if rest.is_empty() {
            return true;
        }
        octets = rest;
    }
    false
}

/// The tag and the content of the first element, and what follows it.
fn read(octets: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, octets) = octets.split_first()?;
    let (&first, octets) = octets.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (length, octets) = match first {
        0..=0x7f => (usize::from(first), octets),
        0x81..=0x83 => {
            let (length, octets) = octets.split_at_checked(usize::from(first - 0x80))?;
            (
                length
                    .iter()
                    .fold(0, |sum, octet| sum << 8 | usize::from(*octet)),
                octets,
            )
        }
        _ => return None,
    };
    let (content, rest) = octets.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// The element with this number, in the order of the bytes.
fn find(nodes: &mut [Node], mut number: usize) -> Option<&mut Node> {
    for node in nodes {
        let count = node.count();
        if number == 0 {
            return Some(node);
        }
        if number < count {
            let Node::Nested { children, .. } = node else {
                return None;
            };
            return find(children, number - 1);
        }
        number -= count;
    }
    None
}

/// Changes the element with this number.
fn change(nodes: &mut Vec<Node>, mut number: usize, donor: Option<Node>, dice: &mut Dice) {
    for index in 0..nodes.len() {
        let count = nodes[index].count();
        if number < count {
            match &mut nodes[index] {
                Node::Nested { children, .. } if number > 0 => {
                    return change(children, number - 1, donor, dice);
                }
                _ => return change_one(nodes, index, donor, dice),
            }
        }
        number -= count;
    }
}

fn change_one(nodes: &mut Vec<Node>, index: usize, donor: Option<Node>, dice: &mut Dice) {
    match (dice.roll(12), donor) {
        (0, _) => drop(nodes.remove(index)),
        (1, _) => nodes.insert(index, nodes[index].clone()),
        (2, _) if index > 0 => nodes.swap(index, index - 1),
        (3, Some(donor)) => nodes[index] = donor,
        (4, Some(donor)) => nodes.insert(index, donor),
        (5, _) => {
            if let Node::Primitive { tag, .. } | Node::Nested { tag, .. } = &mut nodes[index] {
                *tag = TAGS[dice.roll(TAGS.len())];
            }
        }
        _ => match &mut nodes[index] {
            Node::Octets(content) | Node::Primitive { content, .. } => change_octets(content),
            Node::Nested {
                prefix, children, ..
            } => {
                let mut content = prefix.clone();
                children.iter().for_each(|child| child.write(&mut content));
                change_octets(&mut content);
                prefix.clear();
                *children = vec![Node::Octets(content)];
            }
        },
    }
}

fn change_octets(content: &mut Vec<u8>) {
    let size = content.len();
    content.resize(size + ROOM, 0);
    let size = fuzzer_mutate(content, size, size + ROOM);
    content.truncate(size);
}

/// The tags that certificates and messages have.
const TAGS: [u8; 24] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1e, 0x30, 0x31,
    0x80, 0x81, 0x82, 0x86, 0xa0, 0xa1, 0xa2, 0xa4,
];

/// Numbers by xorshift: the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }
}
