use chitin_check_code::{Subject, scan};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (open, mid, close, depth, kib, path) = (
        a[1].clone(),
        a[2].clone(),
        a[3].clone(),
        a[4].parse::<usize>().unwrap(),
        a[5].parse::<usize>().unwrap(),
        a[6].clone(),
    );
    let t = std::thread::Builder::new()
        .stack_size(kib * 1024)
        .spawn(move || {
            let s = format!("eval(x);{}{}{}", open.repeat(depth), mid, close.repeat(depth));
            let r = scan(&Subject { path, directory: String::new(), bytes: s.into_bytes() });
            println!("{:?}", r.note);
        })
        .unwrap();
    t.join().unwrap();
}
