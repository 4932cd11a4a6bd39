/** Sizes and types of what a capture holds; types in network byte order, as they are loaded. */
export const RECORD_HEADER: usize = 16;
export const ETHERNET: usize = 14;
export const VLAN_TAG: usize = 4;
export const IPV4: u16 = 0x0008;
export const ADDRESS_RESOLUTION: u16 = 0x0608;
export const VLAN: u16 = 0x0081;
export const IPV6: u16 = 0xdd86;
export const EAPOL: u16 = 0x8e88;
