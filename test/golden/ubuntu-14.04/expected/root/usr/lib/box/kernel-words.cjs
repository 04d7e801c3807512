'use strict';
// Prints those of the words that no string of a Linux kernel ends with. usage: kernel-words.cjs VMLINUZ WORD...
// For a bake without a boot, where another kernel runs than the box's.
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');

const [file, ...words] = process.argv.slice(2);

/** The compressed kernel inside a bzImage (Documentation/arch/x86/boot.rst: setup_sects, payload_offset, payload_length). */
function payload(image) {
  if (image.toString('latin1', 0x202, 0x206) !== 'HdrS') throw new Error(`${file} is no kernel for x86`);
  const start = (image[0x1f1] + 1) * 512 + image.readUInt32LE(0x248);
  return image.subarray(start, start + image.readUInt32LE(0x24c));
}

/** One stream of xz(1), and behind it the kernel's own size. */
function unpacked(packed) {
  if (packed.toString('latin1', 1, 6) !== '7zXZ\0')
    throw new Error(`${file} is not packed by xz: teach ${__filename} what it is packed by`);
  return execFileSync('xz', ['--decompress', '--stdout', '--single-stream'], {
    input: packed,
    maxBuffer: 1024 ** 3,
  });
}

// The linker makes a string the end of a longer one where it can: rp_filter is that of arp_filter.
const kernel = unpacked(payload(readFileSync(file)));
process.stdout.write(words.filter((word) => !kernel.includes(`${word}\0`)).map((word) => `${word}\n`).join(''));
