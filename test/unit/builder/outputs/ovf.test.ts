/** The document of an OVA: XML that a parser takes, in which every reference leads somewhere. */
import test from 'ava';
import { SaxesParser } from 'saxes';
import { ovfDocument } from '../../../../builder/outputs/ovf.ts';

const GiB = 1024 ** 3;
const document = ovfDocument({
  name: 'example',
  cpus: 2,
  memory: GiB,
  file: 'example.vmdk',
  fileBytes: 345,
  capacity: 8 * GiB,
});

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** @throws where it is not well-formed, or a prefix is not declared */
function elementsOf(xml: string): Element[] {
  const parser = new SaxesParser({ xmlns: true });
  const found: Element[] = [];
  const open: Element[] = [];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value]);
    const element = { name, attributes: Object.fromEntries(values), text: '' };
    found.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return found;
}

const elements = elementsOf(document);
const textsOf = (name: string) => elements.filter((element) => element.name === name).map(({ text }) => text);
const attributesOf = (name: string) => elements.find((element) => element.name === name)?.attributes ?? {};

test('its disk is the file, and has the capacity of the disk', (t) => {
  t.like(attributesOf('File'), { 'ovf:href': 'example.vmdk', 'ovf:id': 'file1', 'ovf:size': '345' });
  t.like(attributesOf('Disk'), {
    'ovf:fileRef': 'file1',
    'ovf:capacity': '8589934592',
    'ovf:capacityAllocationUnits': 'byte',
  });
  t.deepEqual(textsOf('rasd:HostResource'), [`ovf:/disk/${attributesOf('Disk')['ovf:diskId']}`]);
});

test('the disk hangs on a PVSCSI controller, and the card is a VMXNET3 in a network that is declared', (t) => {
  t.deepEqual(textsOf('rasd:ResourceType'), ['3', '4', '6', '17', '10', '5', '15']);
  t.deepEqual(textsOf('rasd:ResourceSubType'), ['VirtualSCSI', 'VmxNet3', 'vmware.cdrom.remotepassthrough']);
  t.deepEqual(textsOf('rasd:InstanceID'), ['1', '2', '3', '4', '5', '6', '7']);
  t.deepEqual(textsOf('rasd:Parent'), ['3', '6']);
  t.deepEqual(textsOf('rasd:Connection'), [attributesOf('Network')['ovf:name']]);
});

test('it has the processors and the memory of the config, the memory in MiB', (t) => {
  t.deepEqual(textsOf('rasd:VirtualQuantity'), ['2', '1024']);
  t.deepEqual(textsOf('rasd:AllocationUnits'), ['hertz * 10^6', 'byte * 2^20']);
});

test('user-data comes on a CD: there is a drive for it, and a property that cloud-init reads', (t) => {
  t.is(attributesOf('VirtualHardwareSection')['ovf:transport'], 'iso');
  const properties = elements.filter(({ name }) => name === 'Property');
  t.deepEqual(
    properties.map(({ attributes }) => attributes['ovf:key']),
    ['user-data', 'network-config'],
  );
  for (const { attributes } of properties) t.is(attributes['ovf:userConfigurable'], 'true');
});

test('within an item the elements go by the alphabet, as the schema has them', (t) => {
  const items = document.split('<Item>').slice(1);
  t.is(items.length, 7);
  for (const item of items) {
    const names = [...item.matchAll(/<rasd:(\w+)>/g)].map(([, name = '']) => name);
    t.deepEqual(names, [...names].sort());
  }
});
