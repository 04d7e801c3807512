/** What everybody reads, in each language the same: what is missing in one does not compile. `{…}` is filled in. */
import type { PanelPage } from '../../contract/api.ts';

export interface OwnWords {
  readonly frame: Record<
    | 'skip'
    | 'menu'
    | 'pages'
    | 'logOut'
    | 'loggedOut'
    | 'ended'
    | 'dismiss'
    | 'undo'
    | 'goTo'
    | 'of'
    | 'unreachable'
    | 'answered',
    string
  >;
  readonly titles: Readonly<Record<PanelPage, string>>;
  readonly logIn: Record<
    | 'title'
    | 'lead'
    | 'email'
    | 'password'
    | 'code'
    | 'action'
    | 'byPasskey'
    | 'done'
    | 'codeToo'
    | 'enterCode'
    | 'wrong',
    string
  >;
  readonly form: Record<
    'optional' | 'fillIn' | 'tick' | 'moment' | 'cancel' | 'loading' | 'again' | 'copy' | 'copied' | 'noCopy',
    string
  >;
  readonly account: Record<
    | 'mailbox'
    | 'size'
    | 'sizeOf'
    | 'aliases'
    | 'noAliases'
    | 'filters'
    | 'setUp'
    | 'setUpText'
    | 'setUpLink'
    | 'profileText'
    | 'profileLink'
    | 'qr'
    | 'password'
    | 'passwordText'
    | 'oldPassword'
    | 'newPassword'
    | 'rules'
    | 'change'
    | 'changed'
    | 'sessions'
    | 'sessionsText'
    | 'endSessions'
    | 'sessionsEnded',
    string
  >;
  readonly apps: Record<
    | 'title'
    | 'text'
    | 'none'
    | 'made'
    | 'used'
    | 'neverUsed'
    | 'revoke'
    | 'revokeTitle'
    | 'revokeText'
    | 'revoked'
    | 'label'
    | 'labelHint'
    | 'yourPassword'
    | 'make'
    | 'madeNotice'
    | 'newTitle'
    | 'newText'
    | 'copyName'
    | 'haveIt'
    | 'only'
    | 'onlyText'
    | 'onlyOn'
    | 'onlyOff'
    | 'turnOnlyOn'
    | 'turnOnlyOff'
    | 'onlyNeeds',
    string
  >;
  readonly factor: Record<
    | 'on'
    | 'off'
    | 'endsSessions'
    | 'inUse'
    | 'codes'
    | 'passkey'
    | 'passkeys'
    | 'turnOff'
    | 'isOff'
    | 'allOff'
    | 'codesText'
    | 'scan'
    | 'qr'
    | 'secret'
    | 'giveCode'
    | 'code'
    | 'device'
    | 'turnOn'
    | 'codesOn'
    | 'passkeysText'
    | 'passkeyName'
    | 'passkeyHint'
    | 'yourPassword'
    | 'addPasskey'
    | 'passkeyAdded'
    | 'noPasskeys'
    | 'hasPasskey'
    | 'gaveNone',
    string
  >;
}
