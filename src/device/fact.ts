/** Facts about a device by their source. Values come from the wire: bounded in number and in length. */
export const factTypes = [
  /** Maker of the interface, as registered. */
  'vendor',
  /** DHCP option 12, mDNS host, NetBIOS and LLMNR names. */
  'dhcp_name',
  'mdns_name',
  'netbios_name',
  'llmnr_name',
  /** DHCP option 60, option 55 as "1,3,6", and option 61 where it says more than the address. */
  'dhcp_vendor_class',
  'dhcp_parameters',
  'dhcp_client_id',
  /** DUID of DHCPv6. */
  'duid',
  /** `_hap._tcp`; the name before it; and "_hap._tcp md=BSB002 ci=2". */
  'mdns_service',
  'mdns_instance',
  'mdns_text',
  /** SERVER or USER-AGENT line, device and service types, unique name, and what it looks for. */
  'ssdp_server',
  'ssdp_type',
  'ssdp_uuid',
  'ssdp_location',
  'ssdp_search',
  'mdns_search',
  /** "modelName=…" and the like of its UPnP description. */
  'upnp',
  /** A model that it names in a protocol of its maker. */
  'model',
  /** Names that it resolved or asked for in TLS, QUIC and HTTP. */
  'lookup',
  /** "host/path" of its requests in the clear. */
  'request',
  'user_agent',
  'ja4',
  'mqtt_client',
  /** Path of its CoAP requests. */
  'coap_request',
  /** Name, description and capabilities by LLDP. */
  'lldp',
  /** TCP ports that it answers on, and "tcp/443" that it speaks to. */
  'open_port',
  'contacted_port',
  /** Logins that it offers, as seen from what both sides say: "telnet on tcp/2323". */
  'login',
] as const;
export type FactType = (typeof factTypes)[number];

const MAXIMUM_LENGTH = 255;
const MAXIMUM_VALUES = 64;
/** Of these a busy device has more. */
const larger: Partial<Record<FactType, number>> = { lookup: 256, contacted_port: 128 };

export class Facts {
  /** Made when there is something to keep: a flood has thousands of devices that say nothing. */
  #values: Map<FactType, Set<string>> | null = null;
  /** Values that were not kept because there were too many. */
  overflow = 0;
  /** Changes whenever a value is new. */
  version = 0;

  add(type: FactType, value: string | null): void {
    if (value === null || value === '') return;
    this.#values ??= new Map();
    let values = this.#values.get(type);
    if (values === undefined) {
      values = new Set();
      this.#values.set(type, values);
    }
    const kept = value.length > MAXIMUM_LENGTH ? value.slice(0, MAXIMUM_LENGTH) : value;
    if (values.has(kept)) return;
    if (values.size >= (larger[type] ?? MAXIMUM_VALUES)) {
      this.overflow++;
      return;
    }
    values.add(kept);
    this.version++;
  }

  /** In the order in which they were first said. */
  get(type: FactType): readonly string[] {
    const values = this.#values?.get(type);
    return values === undefined ? [] : [...values];
  }

  first(type: FactType): string | null {
    return this.#values?.get(type)?.values().next().value ?? null;
  }

  toJSON(): Partial<Record<FactType, string[]>> {
    return Object.fromEntries([...(this.#values ?? [])].map(([type, values]) => [type, [...values]]));
  }

  addAll(facts: Partial<Record<FactType, readonly string[]>>): void {
    for (const type of factTypes) for (const value of facts[type] ?? []) this.add(type, value);
  }
}
