/** A network that is watched, and its devices. */
import type { ErrorEntry } from './entry.ts';

export const liveErrors = {
  // live capture
  no_such_interface: {
    status: 400,
    exit: 2,
    message: 'There is no network interface "{interface}".',
    hint: 'Interfaces of this machine: {known}.',
  },
  bad_filter: {
    status: 400,
    exit: 2,
    message: 'The capture filter "{filter}" cannot be used: {reason}.',
    hint: 'Write it as for tcpdump, for example: not port 22.',
  },
  nothing_to_watch: {
    status: 400,
    exit: 2,
    message: 'Nothing was given to watch.',
    hint: 'Give an interface of this machine ({known}), for example: guardian monitor --interface {example}. Else --ssh, --netflow or --zeek.',
  },
  bad_source: {
    status: 400,
    exit: 2,
    message: '"{source}" cannot be watched: {reason}.',
    hint: 'See "guardian monitor --help" for what can be.',
  },
  capture_tool_missing: {
    status: 503,
    exit: 4,
    message: 'There is neither tcpdump nor dumpcap on this machine.',
    hint: '"guardian doctor" says how to install one.',
  },
  capture_failed: {
    status: 503,
    exit: 4,
    message: 'Nothing could be captured on {interface}: {reason}.',
    hint: 'Run "guardian doctor --interface {interface}".',
  },
  nothing_seen: {
    status: 503,
    exit: 4,
    message: 'Nothing was seen of {source}: {reason}.',
    hint: 'Check the machine that it comes from, and that this one may reach it.',
  },
  bad_state_file: {
    status: 422,
    exit: 3,
    message: 'The state in "{file}" cannot be used: {reason}.',
    hint: 'Move it away to learn afresh, or restore a backup of it.',
  },
  // devices
  unknown_interface: {
    status: 400,
    exit: 2,
    message: 'There is no network interface {interface} with an IPv4 address.',
    hint: 'Interfaces of this machine: {known}.',
  },
  subnet_too_large: {
    status: 422,
    exit: 2,
    message: 'The network of {interface} is a /{prefix}, too many addresses to ask one by one.',
    hint: 'Networks up to /{widest} are asked; watch a larger one with a capture instead.',
  },
  device_not_found: {
    status: 404,
    exit: 2,
    message: 'There is no device {mac}.',
    hint: 'See /api/v1/devices for those that are known.',
  },
  // live monitor
  alert_not_found: {
    status: 404,
    exit: 2,
    message: 'There is no such alert.',
    hint: 'See /api/v1/alerts for those that are kept.',
  },
  mute_not_found: {
    status: 404,
    exit: 2,
    message: 'There is no such mute.',
    hint: 'See /api/v1/mutes for those that are in force.',
  },
  too_many_mutes: {
    status: 409,
    exit: 2,
    message: 'There are {most} mutes and exceptions already.',
    hint: 'Remove those that hide nothing any more: the page Mutes and /api/v1/mutes say what each has hidden.',
  },
  mute_is_over: {
    status: 400,
    exit: 2,
    message: 'A mute until {until} is over already.',
    hint: 'Give "until" in seconds since 1970 UTC, later than now, or leave it out to mute for good.',
  },
  nobody_to_ask: {
    status: 409,
    exit: 4,
    message: 'What is watched ({source}) is no network of this machine, so nobody there can be asked.',
    hint: 'Devices are listed as soon as they speak.',
  },
  monitor_off: {
    status: 409,
    exit: 4,
    message: 'Nothing is being watched at the moment.',
    hint: 'Choose an interface on the page Home.',
  },
  demo_only: {
    status: 409,
    exit: 4,
    message: 'This is a demonstration with a simulated home: no real network is watched or searched.',
    hint: 'Start Guardian without --demo, and choose an interface on its page Home.',
  },
} as const satisfies Record<string, ErrorEntry>;
