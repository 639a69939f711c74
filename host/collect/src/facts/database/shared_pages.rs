//! Databases whose pages share their children: a few pages, and more rows than anyone could read.

use std::fs;

use crate::facts::fixture::{State, TABLES};

const PAGE: usize = 512;
const LEVELS: usize = 12;
const CHILDREN: u8 = 20;

/// A database in the making.
struct Pages(Vec<u8>);

impl Pages {
    fn of(state: &State) -> Self {
        let bytes = fs::read(state.path("state/openclaw.sqlite")).unwrap();
        assert_eq!(bytes.len() % PAGE, 0);
        Self(bytes)
    }

    fn page(&self, number: u32) -> &[u8] {
        &self.0[(number as usize - 1) * PAGE..number as usize * PAGE]
    }

    /// Gives the number of the new page.
    fn append(&mut self, page: &[u8]) -> u32 {
        self.0.extend_from_slice(page);
        u32::try_from(self.0.len() / PAGE).unwrap()
    }

    fn replace(&mut self, number: u32, page: &[u8]) {
        self.0[(number as usize - 1) * PAGE..number as usize * PAGE].copy_from_slice(page);
    }

    /// A tree over one leaf that has this leaf again and again; returns its root.
    fn tree(&mut self, leaf: u32) -> u32 {
        (0..LEVELS).fold(leaf, |child, _| {
            let page = interior(0, &[child; CHILDREN as usize]);
            self.append(&page)
        })
    }

    fn save(mut self, state: &State) {
        let pages = u32::try_from(self.0.len() / PAGE).unwrap();
        self.0[28..32].copy_from_slice(&pages.to_be_bytes());
        state.write("state/openclaw.sqlite", self.0);
    }
}

/// A page of a table that only points to others. The first page of a database has its header before it.
fn interior(header: usize, children: &[u32]) -> Vec<u8> {
    let (last, rest) = children.split_last().unwrap();
    let mut page = vec![0; PAGE];
    let mut content = PAGE;
    for (index, child) in rest.iter().enumerate() {
        content -= 5;
        page[content..content + 4].copy_from_slice(&child.to_be_bytes());
        page[content + 4] = u8::try_from(index + 1).unwrap();
        let pointer = header + 12 + 2 * index;
        page[pointer..pointer + 2].copy_from_slice(&u16::try_from(content).unwrap().to_be_bytes());
    }
    page[header] = 5;
    page[header + 3..header + 5].copy_from_slice(&u16::try_from(rest.len()).unwrap().to_be_bytes());
    page[header + 5..header + 7].copy_from_slice(&u16::try_from(content).unwrap().to_be_bytes());
    page[header + 8..header + 12].copy_from_slice(&last.to_be_bytes());
    page
}

fn root_page(state: &State, name: &str) -> u32 {
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    state.sql("").query_row(sql, [name], |row| row.get(0)).unwrap()
}

#[test]
fn a_table_without_end_holds_too_much() {
    let state = State::new();
    state.sql("PRAGMA page_size = 512;").execute_batch(TABLES).unwrap();
    state.sql("INSERT INTO exec_approvals_config VALUES ('current', '{}')");
    let root = root_page(&state, "exec_approvals_config");
    let mut pages = Pages::of(&state);
    let leaf = pages.page(root).to_vec();
    let leaf = pages.append(&leaf);
    let tree = pages.tree(leaf);
    pages.replace(root, &interior(0, &[tree, tree]));
    pages.save(&state);
    let reason = state.database().exec_approvals().unwrap_err().to_string();
    assert!(reason.ends_with("its table `exec_approvals_config` holds too much"), "{reason}");
}

#[test]
fn a_schema_without_end_takes_too_long() {
    let state = State::new();
    // The row of an index without a text may be there many times.
    state.sql("PRAGMA page_size = 512;").execute_batch("CREATE TABLE a (b PRIMARY KEY)").unwrap();
    let mut pages = Pages::of(&state);
    let first = pages.page(1).to_vec();
    let cells: Vec<_> = (0..2)
        .map(|index| u16::from_be_bytes([first[108 + 2 * index], first[109 + 2 * index]]))
        .collect();
    let leaf = |cell: u16| {
        let mut page = first.clone();
        page[..8].copy_from_slice(&[13, 0, 0, 0, 1, 0, 0, 0]);
        page[5..7].copy_from_slice(&cells.iter().min().unwrap().to_be_bytes());
        page[8..10].copy_from_slice(&cell.to_be_bytes());
        page
    };
    let table = pages.append(&leaf(cells[0]));
    let index = pages.append(&leaf(cells[1]));
    let indexes = pages.tree(index);
    let mut schema = interior(100, &[table, indexes]);
    schema[..100].copy_from_slice(&first[..100]);
    pages.replace(1, &schema);
    pages.save(&state);
    let reason = state.database().exec_approvals().unwrap_err().to_string();
    assert!(reason.ends_with("reading it takes too long"), "{reason}");
}
