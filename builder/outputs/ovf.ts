/** The document of an OVA that says what machine its disk goes into: OVF 1.1 (DMTF DSP0243), with the words that VMware reads. */

export interface Ovf {
  readonly name: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** The disk's file in the archive, and its bytes. */
  readonly file: string;
  readonly fileBytes: number;
  /** Bytes of the disk as the machine sees it. */
  readonly capacity: number;
}

const MiB = 1024 ** 2;

/** Hardware by the numbers of CIM_ResourceAllocationSettingData; within an item the elements go by the alphabet. */
const kinds = { processor: 3, memory: 4, ide: 5, scsi: 6, network: 10, cdrom: 15, disk: 17 };

/** What whoever launches a machine of it may say: the host shows the machine a CD with these, and cloud-init reads it ("OVF"). */
const properties = {
  'user-data': 'The text of user-data in base64; without it the box waits closed',
  'network-config': 'Network configuration of cloud-init, version 2, in base64; without it DHCP',
};

/** The controller is PVSCSI (`VirtualSCSI`) and the card VMXNET3: the image has no drivers for VMware's others. */
export function ovfDocument({ name, cpus, memory, file, fileBytes, capacity }: Ovf): string {
  const items = [
    item('processors', 1, kinds.processor, { AllocationUnits: 'hertz * 10^6', VirtualQuantity: `${cpus}` }),
    item('memory', 2, kinds.memory, {
      AllocationUnits: 'byte * 2^20',
      VirtualQuantity: `${Math.ceil(memory / MiB)}`,
    }),
    item('controller', 3, kinds.scsi, { Address: '0', ResourceSubType: 'VirtualSCSI' }),
    item('disk', 4, kinds.disk, { AddressOnParent: '0', HostResource: 'ovf:/disk/disk1', Parent: '3' }),
    item('network', 5, kinds.network, {
      AddressOnParent: '7',
      AutomaticAllocation: 'true',
      Connection: 'VM Network',
      ResourceSubType: 'VmxNet3',
    }),
    item('drive controller', 6, kinds.ide, { Address: '0' }),
    item('drive', 7, kinds.cdrom, {
      AddressOnParent: '0',
      AutomaticAllocation: 'false',
      Parent: '6',
      ResourceSubType: 'vmware.cdrom.remotepassthrough',
    }),
  ];
  // 101 is "Linux 64-Bit" in CIM_OperatingSystem; VMware goes by its own word.
  return `<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData" xmlns:vmw="http://www.vmware.com/schema/ovf">
  <References>
    <File ovf:href="${file}" ovf:id="file1" ovf:size="${fileBytes}"/>
  </References>
  <DiskSection>
    <Info>Its disk</Info>
    <Disk ovf:capacity="${capacity}" ovf:capacityAllocationUnits="byte" ovf:diskId="disk1" ovf:fileRef="file1" ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
  </DiskSection>
  <NetworkSection>
    <Info>Its network</Info>
    <Network ovf:name="VM Network">
      <Description>The network that it is reached by</Description>
    </Network>
  </NetworkSection>
  <VirtualSystem ovf:id="${name}">
    <Info>A mail server</Info>
    <Name>${name}</Name>
    <OperatingSystemSection ovf:id="101" vmw:osType="other3xLinux64Guest">
      <Info>Its system</Info>
    </OperatingSystemSection>
    <ProductSection>
      <Info>What the box is told</Info>
${Object.entries(properties).map(property).join('\n')}
    </ProductSection>
    <VirtualHardwareSection ovf:transport="iso">
      <Info>Its hardware</Info>
      <System>
        <vssd:ElementName>Virtual Hardware Family</vssd:ElementName>
        <vssd:InstanceID>0</vssd:InstanceID>
        <vssd:VirtualSystemIdentifier>${name}</vssd:VirtualSystemIdentifier>
        <vssd:VirtualSystemType>vmx-13</vssd:VirtualSystemType>
      </System>
${items.join('\n')}
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>
`;
}

function property([key, about]: readonly [string, string]): string {
  return `      <Property ovf:key="${key}" ovf:type="string" ovf:userConfigurable="true" ovf:value="">
        <Label>${key}</Label>
        <Description>${about}</Description>
      </Property>`;
}

function item(name: string, id: number, type: number, more: Readonly<Record<string, string>>): string {
  const all = { ElementName: name, InstanceID: `${id}`, ResourceType: `${type}`, ...more };
  const elements = Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([element, value]) => `        <rasd:${element}>${value}</rasd:${element}>`);
  return ['      <Item>', ...elements, '      </Item>'].join('\n');
}
