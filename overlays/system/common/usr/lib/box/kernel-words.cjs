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

/** What kernels are packed by: how the stream begins, and what unpacks it. Behind it is the kernel's own size, four bytes. */
const packers = [
  { begins: Buffer.from('fd377a585a00', 'hex'), argv: ['xz', '--decompress', '--stdout', '--single-stream'] },
  { begins: Buffer.from('28b52ffd', 'hex'), argv: ['zstd', '--decompress', '--stdout', '--quiet'] },
];

function unpacked(packed) {
  const packer = packers.find(({ begins }) => packed.subarray(0, begins.length).equals(begins));
  if (packer === undefined) throw new Error(`${file}: teach ${__filename} what it is packed by`);
  const [program, ...options] = packer.argv;
  return execFileSync(program, options, { input: packed.subarray(0, -4), maxBuffer: 1024 ** 3 });
}

// The linker makes a string the end of a longer one where it can: rp_filter is that of arp_filter.
const kernel = unpacked(payload(readFileSync(file)));
process.stdout.write(words.filter((word) => !kernel.includes(`${word}\0`)).map((word) => `${word}\n`).join(''));
