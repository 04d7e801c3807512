/** Storage that is spoken to by HTTPS: a bucket, or a WebDAV folder. What the box needs of one. */
import type { Readable } from 'node:stream';
import { Failure } from '../../../machine/failure.ts';
import type { TargetFile } from '../sets.ts';

export interface Login {
  /** A name; of a bucket, the id of a key. */
  readonly user: string;
  readonly password: string;
}

/** A bucket, by the protocol that Amazon's S3 brought and many others speak. */
export interface Bucket {
  readonly kind: 's3';
  readonly region: string;
  readonly host: string;
  readonly port: number;
  readonly bucket: string;
  /** Names begin with it and a slash; empty: with neither. */
  readonly path: string;
  readonly login: Login;
}

/** A folder of a WebDAV server (RFC 4918), such as Nextcloud's. */
export interface DavFolder {
  readonly kind: 'webdav';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly login: Login;
}

/** The store does not take the login. */
export class NotLetIn extends Failure {}

/** It does not answer, or does not prove who it is. */
export class Unreachable extends Failure {}

/** Each of its promises ends in a Failure that says in an owner's words what the other side did not do. */
export interface Store {
  /** The files of the folder, in no order; none where there is no folder yet. */
  list(): Promise<readonly TargetFile[]>;
  makeFolder(): Promise<void>;
  put(name: string, bytes: number, content: Readable): Promise<void>;
  /** Undefined: there is no such file. */
  get(name: string): Promise<{ readonly bytes: number; readonly content: Readable } | undefined>;
  /** It may have gone before. */
  remove(name: string): Promise<void>;
}
