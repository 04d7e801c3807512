/** What the box's HTTP API answers as JSON, route by route: the routes are held to it, and the panel's pages read it. Types alone. */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { FirstSteps, StatusEntry } from './health.ts';
import type { MailRestore } from './mail-restore.ts';
import type { MailReports } from './reports.ts';

export type * from './health.ts';
export type * from './mail-restore.ts';
export type * from './reports.ts';

/** By method and path as the routes have them. What answers with a text alone is not here. */
export interface Answers {
  readonly 'POST /login': LogInAnswer;
  readonly 'POST /login/passkey': LogInAnswer;
  readonly 'POST /login/passkey/begin': PublicKeyCredentialRequestOptionsJSON;
  readonly 'POST /logout': { readonly status: 'ok' };
  readonly 'GET /me': LogInAnswer;
  /** With `format=json`. */
  readonly 'GET /mail/users': readonly { readonly domain: string; readonly users: readonly User[] }[];
  /** Without `text`. */
  readonly 'GET /mail/users/quota': Pick<User, 'email' | 'quota'>;
  /** With `format=json`. */
  readonly 'GET /mail/aliases': readonly { readonly domain: string; readonly aliases: readonly Alias[] }[];
  readonly 'GET /mail/log': readonly MailEvent[];
  readonly 'GET /dns/zones': readonly string[];
  readonly 'GET /dns/dump': readonly (readonly [zone: string, records: readonly DnsRecord[]])[];
  readonly 'GET /dns/custom': readonly CustomRecord[];
  readonly 'GET /dns/custom/{qname}': readonly CustomRecord[];
  readonly 'GET /dns/custom/{qname}/{rtype}': readonly CustomRecord[];
  readonly 'GET /dns/secondary-nameserver': { readonly hostnames: readonly string[] };
  readonly 'GET /ssl/status': {
    readonly can_provision: readonly string[];
    readonly status: readonly NameStatus[];
  };
  readonly 'POST /ssl/provision': { readonly requests: readonly Provisioned[] };
  readonly 'POST /mfa/status': SecondFactors;
  readonly 'POST /mfa/webauthn/begin': PublicKeyCredentialCreationOptionsJSON;
  readonly 'GET /web/domains': readonly Site[];
  readonly 'POST /system/status': readonly StatusEntry[];
  readonly 'GET /system/first-steps': FirstSteps;
  readonly 'GET /system/reports': MailReports;
  readonly 'GET /system/samples': { readonly step: number; readonly samples: readonly Sample[] };
  readonly 'GET /system/reboot': boolean;
  readonly 'GET /system/privacy': boolean;
  readonly 'GET /system/backup/status': BackupStatus;
  readonly 'GET /system/backup/config': BackupConfig;
  readonly 'POST /system/backup/config': 'OK';
  readonly 'POST /system/backup/key': BackupKey;
  /** Null: none was ordered at this boot. */
  readonly 'GET /system/backup/mail': MailRestore | null;
  readonly 'GET /me/account': OwnAccount;
  readonly 'POST /me/sessions/end': { readonly status: 'ok' };
  readonly 'GET /me/app-passwords': readonly AppPassword[];
  /** `password` is the app password itself, shown this once. */
  readonly 'POST /me/app-passwords/add': AppPassword & { readonly password: string };
  readonly 'GET /tokens': readonly Token[];
  /** `token` is the key itself, shown this once. */
  readonly 'POST /tokens/add': Token & { readonly token: string };
}

export type LogInAnswer =
  | (Me & { readonly status: 'ok'; readonly api_key?: string | undefined })
  | {
      readonly status: 'invalid' | 'missing-totp-token' | 'missing-passkey';
      readonly reason: string;
      /** The box's own name, which is no secret: whatever address it was asked by. */
      readonly hostname: string;
    };

export interface Me {
  readonly email: string;
  readonly privileges: readonly string[];
  /** Whether the image has a webmail. */
  readonly webmail: boolean;
  /** The box's own name. */
  readonly hostname: string;
  /** Whether the box is new and its administrator, who this is, has something left to do. */
  readonly first_steps: boolean;
}

export interface User {
  readonly email: string;
  readonly privileges: readonly string[];
  readonly status: 'active';
  /** As it was given: `500M`, `0`. */
  readonly quota: string;
  /** Bytes; 0 where there is no limit. */
  readonly box_quota: number;
  /** Bytes. */
  readonly box_size: number;
  /** `12%`, or empty without a limit. */
  readonly percent: string;
}

export interface Alias {
  readonly address: string;
  readonly address_display: string;
  readonly forwards_to: readonly string[];
  /** Null: those among the destinations. */
  readonly permitted_senders: readonly string[] | null;
  /** Whether the box made it by itself. */
  readonly auto: boolean;
}

export interface MailEvent {
  /** ISO 8601. */
  readonly time: string;
  readonly result: 'delivered' | 'deferred' | 'bounced' | 'postponed' | 'refused';
  /** Null where the log does not say; empty for a bounce. */
  readonly from: string | null;
  readonly to: string | null;
  /** Who took it, or who sent what was refused: a name and an address. */
  readonly server: string | null;
  readonly text: string;
}

export interface DnsRecord {
  readonly qname: string;
  readonly rtype: string;
  readonly value: string;
  readonly explanation: string;
}

export interface CustomRecord {
  readonly qname: string;
  readonly rtype: string;
  readonly value: string;
  /** Null where no zone of the box's has it. */
  readonly zone: string | null;
  readonly 'sort-order': { readonly qname: number; readonly created: number };
}

export interface NameStatus {
  readonly domain: string;
  readonly status: 'success' | 'warning' | 'danger';
  readonly text: string;
}

export interface Provisioned {
  readonly domains: readonly string[];
  readonly log: readonly string[];
  readonly result: 'installed' | 'error' | 'skipped';
  readonly message: string;
}

export interface SecondFactors {
  readonly enabled_mfa: readonly {
    readonly id: number;
    /** `totp` or `webauthn`. */
    readonly type: string;
    readonly label: string | null;
  }[];
  /** For one's own account alone. */
  readonly new_mfa?: { readonly totp: CodeSecret };
}

export interface CodeSecret {
  readonly type: 'totp';
  readonly secret: string;
  /** PNG. */
  readonly qr_code_base64: string;
}

export interface Site {
  readonly domain: string;
  readonly root: string;
  readonly custom_root: string;
  readonly ssl_certificate: readonly [state: 'success' | 'warning', text: string];
  readonly static_enabled: boolean;
}

export interface Sample {
  /** Seconds since 1970. */
  readonly time: number;
  /** Processes that wanted to run, over a minute. */
  readonly load: number;
  /** Percent that are used. */
  readonly memory: number;
  readonly disk: number;
  /** Mails that wait to go out. */
  readonly queue: number;
  /** Taken from other servers and from people. */
  readonly accepted: number;
  /** Refused for good at the door. */
  readonly refused: number;
  /** Asked to come again: greylisting, limits, faults. */
  readonly postponed: number;
  readonly delivered: number;
  readonly deferred: number;
  readonly bounced: number;
}

/** Empty where backups are off; with `error` alone where the target can't be asked. */
export interface BackupStatus {
  readonly backups?: readonly Backup[];
  /** Bytes. */
  readonly unmatched_file_size?: number;
  readonly error?: string;
}

export interface Backup {
  readonly date: string;
  readonly date_str: string;
  readonly date_delta: string;
  readonly full: boolean;
  /** Bytes. */
  readonly size: number;
  readonly volumes: number;
  readonly deleted_in: string;
}

/** What a backup is read with, and where it lies: all that a new box needs to know of the old one. */
export interface BackupKey {
  readonly hostname: string;
  readonly target: string;
  readonly key: string;
  readonly qr_code_base64: string;
  /** Of an `rsync:` target: what the other host must show, for `box.restore.hostKey`; empty where it is not known. */
  readonly host_key: string;
}

export interface BackupConfig {
  readonly target: string;
  readonly min_age_in_days: number;
  readonly file_target_directory: string;
  readonly enc_pw_file: string;
  readonly ssh_pub_key: string;
}

/** What one may know and change of one's own account. */
export interface OwnAccount {
  readonly email: string;
  /** Bytes. */
  readonly mailbox_size: number;
  /** Bytes; 0 where there is no limit. */
  readonly mailbox_limit: number;
  /** Other addresses whose mail comes here. */
  readonly aliases: readonly string[];
  /** Whether programs take app passwords alone. */
  readonly app_passwords_only: boolean;
  readonly has_second_factor: boolean;
  /** How many are open, on all devices. */
  readonly sessions: number;
  /** For Apple's devices, which ask for address and password. */
  readonly profile: {
    readonly url: string;
    /** PNG. */
    readonly qr_code_base64: string;
  };
}

export interface AppPassword {
  readonly id: number;
  /** The device that it is for. */
  readonly label: string;
  /** What it begins with; no secret. */
  readonly begins: string;
  /** ISO 8601. */
  readonly created: string;
  /** To the hour; null where it was never used, or the image is newer than that. */
  readonly last_used: string | null;
}

export interface Token {
  readonly id: string;
  readonly owner: string;
  readonly label: string;
  readonly scopes: readonly string[];
  readonly created: string;
  readonly expires: string | null;
}
