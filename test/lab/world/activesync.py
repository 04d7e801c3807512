#!/usr/bin/env python3
"""One ActiveSync command, as a telephone sends it: WBXML by https (MS-ASHTTP, MS-ASWBXML).

Reads a JSON object on standard input: {url, user, password, command, tree}; prints {status, headers, tree}. A tree is
["Page:Tag", child, ...], a child a tree, a text or {"opaque": text}. A tag that no table names is written "page:token" in hexadecimal.
"""
import base64
import json
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request

PAGES = {
    0: ("AirSync", 5, "Sync Responses Add Change Delete Fetch SyncKey ClientId ServerId Status Collection Class - CollectionId"
        " GetChanges MoreAvailable WindowSize Commands Options FilterType - - Conflict Collections ApplicationData"
        " DeletesAsMoves - Supported SoftDelete MIMESupport MIMETruncation Wait Limit Partial"),
    2: ("Email", 0x0F, "DateReceived - DisplayTo Importance MessageClass Subject Read To Cc From ReplyTo"),
    4: ("Calendar", 5, "TimeZone AllDayEvent Attendees Attendee Email Name Body BodyTruncated BusyStatus Categories Category -"
        " DtStamp EndTime Exception Exceptions Deleted ExceptionStartTime Location MeetingStatus OrganizerEmail"
        " OrganizerName Recurrence Type Until Occurrences Interval DayOfWeek DayOfMonth WeekOfMonth MonthOfYear Reminder"
        " Sensitivity Subject StartTime UID"),
    7: ("FolderHierarchy", 7, "DisplayName ServerId ParentId Type - Status - Changes Add Delete Update SyncKey FolderCreate"
        " FolderDelete FolderUpdate FolderSync Count"),
    13: ("Ping", 5, "Ping AutdState Status HeartbeatInterval Folders Folder Id Class MaxFolders"),
    14: ("Provision", 5, "Provision Policies Policy PolicyType PolicyKey Data Status RemoteWipe EASProvisionDoc"),
    21: ("ComposeMail", 5, "SendMail SmartForward SmartReply SaveInSentItems ReplaceMime - Source FolderId ItemId LongId"
        " InstanceId Mime ClientId Status"),
    17: ("AirSyncBase", 5, "BodyPreference Type TruncationSize AllOrNone - Body Data EstimatedDataSize Truncated"),
}
TOKENS = {
    f"{page}:{tag}": (number, first + i)
    for number, (page, first, tags) in PAGES.items()
    for i, tag in enumerate(tags.split())
    if tag != "-"
}
NAMES = {token: name for name, token in TOKENS.items()}

SWITCH_PAGE, END, STR_I, OPAQUE, HAS_CONTENT = 0x00, 0x01, 0x03, 0xC3, 0x40


def length_of(data):
    """Seven bits a byte, the highest first, and a mark on all but the last."""
    value = len(data)
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.insert(0, value & 0x7F | 0x80)
    return bytes(parts)


def encode(tree):
    out = bytearray(b"\x03\x01\x6a\x00")  # WBXML 1.3, no public identifier, UTF-8, no string table
    page = 0

    def put(node):
        nonlocal page
        if isinstance(node, str):
            out.append(STR_I)
            out.extend(node.encode() + b"\x00")
            return
        if isinstance(node, dict):
            data = node["opaque"].encode()
            out.append(OPAQUE)
            out.extend(length_of(data))
            out.extend(data)
            return
        wanted, token = TOKENS[node[0]]
        if wanted != page:
            out.extend((SWITCH_PAGE, wanted))
            page = wanted
        out.append(token | (HAS_CONTENT if len(node) > 1 else 0))
        for child in node[1:]:
            put(child)
        if len(node) > 1:
            out.append(END)

    put(tree)
    return bytes(out)


def number_at(data, at):
    value = 0
    while True:
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def decode(data):
    if data[0] != 0x03:
        raise ValueError("no WBXML 1.3: " + data[:80].hex())
    _, at = number_at(data, 1)
    _, at = number_at(data, at)
    strings, at = number_at(data, at)
    at += strings
    page = 0
    root = ["root"]
    open_nodes = [root]
    while at < len(data):
        token = data[at]
        at += 1
        if token == SWITCH_PAGE:
            page = data[at]
            at += 1
        elif token == END:
            open_nodes.pop()
        elif token == STR_I:
            end = data.index(b"\x00", at)
            open_nodes[-1].append(data[at:end].decode())
            at = end + 1
        elif token == OPAQUE:
            length, at = number_at(data, at)
            open_nodes[-1].append(data[at : at + length].decode(errors="replace"))
            at += length
        else:
            node = [NAMES.get((page, token & 0x3F), f"{page:x}:{token & 0x3F:x}")]
            open_nodes[-1].append(node)
            if token & HAS_CONTENT:
                open_nodes.append(node)
    return root[1]


def main():
    ask = json.load(sys.stdin)
    query = urllib.parse.urlencode(
        {"Cmd": ask["command"], "User": ask["user"], "DeviceId": ask["device"], "DeviceType": "Lab"}
    )
    # The box's certificate is its own; the test looks at it elsewhere.
    context = ssl._create_unverified_context()
    options = ask["command"] == "OPTIONS"
    request = urllib.request.Request(
        ask["url"] + ("" if options else "?" + query),
        method="OPTIONS" if options else "POST",
        data=None if ask.get("tree") is None else encode(ask["tree"]),
        headers={
            "Authorization": "Basic " + base64.b64encode(f"{ask['user']}:{ask['password']}".encode()).decode(),
            "MS-ASProtocolVersion": "14.1",
            "Content-Type": "application/vnd.ms-sync.wbxml",
            "X-MS-PolicyKey": ask.get("policyKey", "0"),
            "Host": ask.get("host", "box.example.com"),
        },
    )
    try:
        answer = urllib.request.urlopen(request, context=context, timeout=120)
    except urllib.error.HTTPError as error:
        answer = error
    body = answer.read()
    wbxml = answer.headers.get("Content-Type", "").startswith("application/vnd.ms-sync") and body
    headers = {name.lower(): value for name, value in answer.headers.items()}
    json.dump({"status": answer.status, "headers": headers, "tree": decode(body) if wbxml else None}, sys.stdout)


if __name__ == "__main__":
    main()
