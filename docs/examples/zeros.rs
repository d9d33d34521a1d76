//! A Rust codec as a plugin of evalzip: bytes 0 go as 0 and how many there are, 1 to 255; all others
//! as they are. No crate is needed; the structs are those of evalzip/plugin_abi.h.
//! rustc --edition 2021 --crate-type cdylib -C opt-level=3 -C panic=abort zeros.rs -o zeros.so
use std::ffi::{c_char, c_void};
use std::slice::{from_raw_parts, from_raw_parts_mut};

const ABI_VERSION: u32 = 1;
const OK: i32 = 0;
const CORRUPT: i32 = 1;
const TOO_SMALL: i32 = 2;
const BIT_EXACT: u32 = 1;

#[repr(C)]
pub struct Codec {
    struct_size: usize,
    name: *const c_char,
    version: *const c_char,
    summary: *const c_char,
    traits: u32,
    parameters: *const *const c_void,
    create: extern "C" fn(*const i64, *mut *const c_char) -> *mut c_void,
    destroy: extern "C" fn(*mut c_void),
    bound: extern "C" fn(*const c_void, usize) -> usize,
    encode: unsafe extern "C" fn(*mut c_void, *const u8, usize, *mut u8, usize, *mut usize) -> i32,
    decode: unsafe extern "C" fn(*mut c_void, *const u8, usize, *mut u8, usize) -> i32,
}
unsafe impl Sync for Codec {}

/// The encoding's size, or None if it does not fit.
fn pack(input: &[u8], output: &mut [u8]) -> Option<usize> {
    let (mut at, mut used) = (0, 0);
    while at < input.len() {
        *output.get_mut(used)? = input[at];
        used += 1;
        if input[at] != 0 {
            at += 1;
            continue;
        }
        let run = input[at..].iter().take(255).take_while(|&&byte| byte == 0).count();
        *output.get_mut(used)? = run as u8;
        used += 1;
        at += run;
    }
    Some(used)
}

/// None if the input is not what pack() wrote for an output of that size.
fn unpack(input: &[u8], output: &mut [u8]) -> Option<()> {
    let mut bytes = input.iter();
    let mut done = 0;
    while let Some(&byte) = bytes.next() {
        let run = if byte == 0 { *bytes.next()? as usize } else { 1 };
        if run == 0 {
            return None;
        }
        output.get_mut(done..done + run)?.fill(byte);
        done += run;
    }
    (done == output.len()).then_some(())
}

extern "C" fn create(_: *const i64, _: *mut *const c_char) -> *mut c_void {
    std::ptr::NonNull::dangling().as_ptr() // nothing to remember, but not null
}
extern "C" fn destroy(_: *mut c_void) {}
extern "C" fn bound(_: *const c_void, size: usize) -> usize {
    2 * size
}
unsafe extern "C" fn encode(
    _: *mut c_void, input: *const u8, size: usize, output: *mut u8, room: usize, written: *mut usize,
) -> i32 {
    match pack(from_raw_parts(input, size), from_raw_parts_mut(output, room)) {
        Some(used) => {
            *written = used;
            OK
        }
        None => TOO_SMALL,
    }
}
unsafe extern "C" fn decode(
    _: *mut c_void, input: *const u8, size: usize, output: *mut u8, output_size: usize,
) -> i32 {
    match unpack(from_raw_parts(input, size), from_raw_parts_mut(output, output_size)) {
        Some(()) => OK,
        None => CORRUPT,
    }
}

static ZEROS: Codec = Codec {
    struct_size: std::mem::size_of::<Codec>(),
    name: b"zeros\0".as_ptr().cast(),
    version: b"1\0".as_ptr().cast(),
    summary: b"runs of zeros\0".as_ptr().cast(),
    traits: BIT_EXACT,
    parameters: std::ptr::null(),
    create,
    destroy,
    bound,
    encode,
    decode,
};

#[repr(transparent)]
pub struct List([*const Codec; 2]);
unsafe impl Sync for List {}
static ALL: List = List([&ZEROS, std::ptr::null()]);

#[no_mangle]
pub extern "C" fn evalzip_plugin(host_abi_version: u32) -> *const *const Codec {
    if host_abi_version == ABI_VERSION { ALL.0.as_ptr() } else { std::ptr::null() }
}
