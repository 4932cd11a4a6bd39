import { DECLARED, defineKind, HINT, homeKit, LIKELY, NAMES, TELLING } from './rule.ts';

export const camera = defineKind({
  kind: 'camera',
  title: 'Camera',
  rules: [
    homeKit(17, 18),
    {
      in: NAMES,
      match:
        /(?:network|ip|internet|wi-?fi|wireless|security|baby|day\/night|cloud|indoor|outdoor)[ _-]?cam(?:era)?\b|ipcam|webcam|smartcam|babycam|camera|dropcam|baby ?monitor|doorbell|\bnvr\b|\bdvr\b/i,
      weight: DECLARED,
      why: 'calls itself a camera',
    },
    { in: 'ssdp_location', match: /ipcam|camera/i, weight: TELLING, why: 'its description is called' },
    {
      in: 'mdns_service',
      match: /^_(?:axis-video|axis-nvr|nvr|ipcamera|rtsp|onvif|psia|cvmedia)\._/,
      weight: TELLING,
      why: 'offers a service of cameras',
    },
    { in: 'ssdp_type', match: /NetworkCamera|MediaCamera|DigitalSecurityCamera/i, weight: DECLARED, why: 'announces' },
    { in: NAMES, match: /\bDCS-\d{3,4}/i, weight: TELLING, why: "model numbers of D-Link's cameras begin with DCS" },
    { in: NAMES, match: /\bIC-\d{4}\w*/i, weight: TELLING, why: "model numbers of Edimax's cameras begin with IC" },
    {
      in: NAMES,
      match: /\b(?:Tapo[ _-]?)?(?:C[1-7][0-9]{2}|TC[67]\d|NC\d{3}|KC\d{3})(?:[_ (]|$)/i,
      and: { in: 'vendor', match: /tp-?link/i },
      weight: TELLING,
      why: "model number of TP-Link's cameras",
    },
    {
      in: NAMES,
      match:
        /\bRLC-\d|\breolink|\bFI8\d{3}|foscam|amcrest|\bwyze_?cam|hikvision|\bDS-2[CD]|dahua|\bIPC-[A-Z]|arlo|blink-|\bring-[0-9a-f]{6}|ezviz|wansview|\bVMC\d{4}|netatmo[ _-]?welcome|yi[ _-]?(?:home|dome)|\bANNKE|vivotek|\bSNH-\w\d{4}|instar|eufy ?cam|nest[ _-]?cam|imou|sricam|zmodo|\bxmeye/i,
      weight: TELLING,
      why: 'its name is typical of cameras',
    },
    {
      in: 'vendor',
      match:
        /hikvision|zhejiang dahua|axis communications|reolink|foscam|arlo|amcrest|mobotix|vivotek|hanwha (?:vision|techwin)|dropcam|ezviz|wansview|blink by amazon|immedia semiconductor|\bring llc|lorex|zmodo|uniview|avigilon|shenzhen reecam|shenzhen baichuan|netvue|wyze/i,
      weight: LIKELY,
      why: 'the maker mostly makes cameras',
    },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:reolink|wyzecam|arlo|netgear-arlo|dropcam|nexusapi\.dropcam|immedia-semi|ezvizlife|hik-connect|foscam|myfoscam|iotcplatform|tutk|samsungsmartcam|eye4|eyecloud|ipcmate|xmeye|xiaoyi|amcrestcloud|lorexservices|wansviewcloud|vstarcam|ppplink|easyn|p2pipcam|yitechnology|dahuap2p|imoulife)\.(?:com|net|cn|io|org|cloud|so)$/i,
      weight: LIKELY,
      why: 'uses a cloud of cameras',
    },
    { in: 'lookup', match: /\bcam(?:era)?s?\d*[.-]|ipcam|\bp2p-?cam|\bring\.com$/i, weight: HINT, why: 'looks up' },
    { in: 'open_port', match: /^tcp\/(?:554|8554|37777|34567)$/, weight: LIKELY, why: 'answers on a port of video' },
    {
      in: 'contacted_port',
      match: /^udp\/(?:32100|32108|10001)$/,
      weight: HINT,
      why: 'uses a port of the peer-to-peer protocols of cameras',
    },
  ],
});
