'use strict';
// Prints those of the words that no string of a Linux kernel ends with. usage: kernel-words.cjs VMLINUZ WORD...
// For a bake without a boot, where another kernel runs than the box's.
const { readFileSync } = require('node:fs');

const [file, ...words] = process.argv.slice(2);

/** The compressed kernel inside a bzImage (Documentation/arch/x86/boot.rst: setup_sects, payload_offset, payload_length). */
function payload(image) {
  if (image.toString('latin1', 0x202, 0x206) !== 'HdrS') throw new Error(`${file} is no kernel for x86`);
  const start = (image[0x1f1] + 1) * 512 + image.readUInt32LE(0x248);
  return image.subarray(start, start + image.readUInt32LE(0x24c));
}

/** LZ4's legacy frame: a magic number, then blocks of at most 8 MiB, each with its packed size before it. */
function unpackLz4(packed) {
  if (packed.length < 8 || packed.readUInt32LE(0) !== 0x184c2102)
    throw new Error(`${file} is not packed by LZ4: teach ${__filename} what it is packed by`);
  const blocks = [];
  for (let at = 4; at + 4 <= packed.length; ) {
    const size = packed.readUInt32LE(at);
    // Behind the last block the kernel keeps its own size, which no block has.
    if (size === 0 || at + 4 + size > packed.length) break;
    blocks.push(unpackBlock(packed.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  return Buffer.concat(blocks);
}

/** LZ4 block format: a token, literals, then a copy of what came before. */
function unpackBlock(from) {
  const to = Buffer.allocUnsafe(8 * 1024 * 1024);
  let read = 0;
  let written = 0;
  const length = (nibble) => {
    let sum = nibble;
    if (nibble === 15) {
      let more;
      do {
        more = from[read++];
        sum += more;
      } while (more === 255);
    }
    return sum;
  };
  while (read < from.length) {
    const token = from[read++];
    for (let left = length(token >> 4); left > 0; left--) to[written++] = from[read++];
    if (read >= from.length) break;
    const distance = from[read] | (from[read + 1] << 8);
    read += 2;
    for (let left = length(token & 15) + 4; left > 0; left--, written++) to[written] = to[written - distance];
  }
  return to.subarray(0, written);
}

// The linker makes a string the end of a longer one where it can: rp_filter is that of arp_filter.
const kernel = unpackLz4(payload(readFileSync(file)));
process.stdout.write(words.filter((word) => !kernel.includes(`${word}\0`)).map((word) => `${word}\n`).join(''));
