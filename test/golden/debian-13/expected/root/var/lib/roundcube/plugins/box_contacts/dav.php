<?php
/** What went wrong with the contacts, in words for the person. */
class box_contacts_trouble extends Exception
{
}

/**
 * A person's own collection of contacts, asked by CardDAV: at the box's own groupware, by loopback, with the log-in of
 * the session. Nothing that an answer holds leads anywhere else.
 */
class box_contacts_dav
{
    /** The longest contact that is read or written; of a longer one, the longest line that is read: no photo is. */
    const LONGEST = 1048576;
    const LONGEST_LINE = 65536;
    /** How many of them may go unread before it is the groupware's fault. */
    const MOST_LOST = 2;

    private $groupware;
    private $authorization;
    private $home;
    private $guards_deletion;

    public function __construct($port, $user, $password)
    {
        $server = require __DIR__ . '/server.php';
        $this->groupware = new box_groupware($port);
        $this->authorization = 'Basic ' . base64_encode("$user:$password");
        $this->home = str_replace('%u', rawurlencode($user), $server['home']);
        $this->guards_deletion = $server['guards_deletion'];
    }

    /** The contacts' names within the collection, and the version that each has. */
    public function versions()
    {
        $query = '<D:propfind xmlns:D="DAV:"><D:prop><D:getetag/><D:getcontenttype/></D:prop></D:propfind>';
        $versions = [];
        foreach ($this->multistatus('PROPFIND', $query) as $name => $found) {
            // Lists of addressees lie among the contacts; they are no contacts.
            if ($found['etag'] !== '' && stripos($found['type'], 'vlist') === false) {
                $versions[$name] = $found['etag'];
            }
        }
        return $versions;
    }

    /** The cards of these names, each as [version, text, whether something of it is left out]. One that is gone is not there. */
    public function cards($names)
    {
        $hrefs = '';
        foreach ($names as $name) {
            $hrefs .= '<D:href>' . htmlspecialchars($this->home . rawurlencode($name), ENT_XML1) . '</D:href>';
        }
        $query = '<C:addressbook-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">'
            . '<D:prop><D:getetag/><C:address-data/></D:prop>' . $hrefs . '</C:addressbook-multiget>';
        $all = $this->multistatus('REPORT', $query, true);
        if ($all === null) {
            return $this->each($names);
        }
        $cards = [];
        foreach ($all as $name => $found) {
            if ($found['etag'] !== '' && $found['card'] !== '') {
                $cards[$name] = array_merge([$found['etag']], $this->readable($found['card']));
            }
        }
        return $cards;
    }

    /** The same, asked for one by one: a large one is read once, and one that the groupware itself can't bear hides no other. */
    private function each($names)
    {
        $cards = [];
        $lost = 0;
        foreach ($names as $name) {
            try {
                $cards[$name] = $this->card($name);
            } catch (box_contacts_trouble $trouble) {
                if (++$lost > self::MOST_LOST) {
                    throw $trouble;
                }
            }
        }
        return array_filter($cards);
    }

    /** One card as [version, text, whether something of it is left out], or null. */
    public function card($name)
    {
        list($status, $headers, $text) = $this->ask('GET', $name, ['Accept: text/vcard']);
        if ($status === 404) {
            return null;
        }
        if ($status !== 200) {
            throw $this->refused($status);
        }
        return array_merge([$this->version($headers)], $this->readable($text));
    }

    /** A card in a size that can be borne, and whether something of it is left out. */
    private function readable($text)
    {
        if (strlen($text) <= self::LONGEST) {
            return [$text, false];
        }
        $lines = array_filter(preg_split('/\r?\n(?![ \t])/', $text), function ($line) {
            return strlen($line) <= self::LONGEST_LINE;
        });
        return [substr(implode("\r\n", $lines), 0, self::LONGEST), true];
    }

    /** Writes a card over the given version of it, or as a new one. False: it has another version by now. */
    public function write($name, $text, $version = null)
    {
        if (strlen($text) > self::LONGEST) {
            throw new box_contacts_trouble('This contact is too large: a megabyte is the most, its photo included.');
        }
        // A new one has a random name: not every server takes `If-None-Match: *`.
        $only = $version === null ? [] : ['If-Match: ' . $version];
        list($status) = $this->ask('PUT', $name, array_merge($only, ['Content-Type: text/vcard; charset=utf-8']), $text);
        if ($status === 412 || ($version !== null && in_array($status, [404, 409], true))) {
            return false;
        }
        if ($status < 200 || $status > 299) {
            throw $this->refused($status);
        }
        return true;
    }

    /** False: it has another version by now. Not every server minds: whoever calls it has looked at the version just before. */
    public function remove($name, $version)
    {
        list($status) = $this->ask('DELETE', $name, $this->guards_deletion ? ['If-Match: ' . $version] : []);
        if ($status === 412) {
            return false;
        }
        if ($status !== 404 && ($status < 200 || $status > 299)) {
            throw $this->refused($status);
        }
        return true;
    }

    /** An answer about several: name => its version, type and card. Null: it is too long, and less can be asked for. */
    private function multistatus($method, $query, $may_be_long = false)
    {
        $headers = ['Depth: 1', 'Content-Type: text/xml; charset=utf-8'];
        list($status, , $xml) = $this->ask($method, '', $headers, '<?xml version="1.0" encoding="utf-8"?>' . $query);
        $is_long = strlen($xml) > box_groupware::LONGEST_ANSWER;
        if ($is_long && $may_be_long) {
            return null;
        }
        if ($is_long || $status !== 207) {
            throw $this->refused($status);
        }
        $document = new DOMDocument();
        // Without a document type there are no entities of one's own, and nothing outside is read.
        if (stripos($xml, '<!DOCTYPE') !== false || !@$document->loadXML($xml, LIBXML_NONET | LIBXML_PARSEHUGE)) {
            throw $this->refused(0);
        }
        $all = [];
        foreach ($document->getElementsByTagNameNS('DAV:', 'response') as $response) {
            $name = $this->name($this->text($response, 'DAV:', 'href'));
            if ($name !== null) {
                $etag = $this->text($response, 'DAV:', 'getetag');
                $all[$name] = [
                    'etag' => $this->is_version($etag) ? $etag : '',
                    'type' => $this->text($response, 'DAV:', 'getcontenttype'),
                    'card' => $this->text($response, 'urn:ietf:params:xml:ns:carddav', 'address-data'),
                ];
            }
        }
        return $all;
    }

    private function text($element, $space, $name)
    {
        $found = $element->getElementsByTagNameNS($space, $name)->item(0);
        return $found === null ? '' : trim($found->textContent);
    }

    /** A contact's name out of an address, if that lies in the person's own collection. */
    private function name($href)
    {
        $path = rawurldecode(preg_replace('#^https?://[^/]*#i', '', $href));
        $home = rawurldecode($this->home);
        if (strpos($path, $home) !== 0) {
            return null;
        }
        $name = substr($path, strlen($home));
        return self::is_name($name) ? $name : null;
    }

    public static function is_name($name)
    {
        return preg_match('#^[^/\x00-\x1f\x7f]{1,200}$#D', $name) === 1 && $name !== '.' && $name !== '..';
    }

    private function version($headers)
    {
        $version = preg_match('/^etag:[ \t]*(\S+)[ \t]*$/mi', $headers, $found) ? $found[1] : '';
        if (!$this->is_version($version)) {
            throw $this->refused(0);
        }
        return $version;
    }

    private function is_version($text)
    {
        return preg_match('#^(?:W/)?"?[\x21\x23-\x7e]{1,100}"?$#D', $text) === 1;
    }

    private function refused($status)
    {
        if ($status === 401) {
            return new box_contacts_trouble('Your contacts do not take the password of this session. They know a new'
                . ' one half a minute after it is set; if this message stays, log out and in again.');
        }
        rcube::write_log('errors', "the groupware answered $status to a question about contacts");
        return new box_contacts_trouble('Your contacts can’t be reached at the moment. Nothing is lost; try again later.');
    }

    /** One question about the collection or a card: [status, headers, body]. */
    private function ask($method, $name, $headers, $body = '')
    {
        $headers[] = 'Authorization: ' . $this->authorization;
        $answer = $this->groupware->ask($method, $this->home . rawurlencode($name), $headers, $body);
        if ($answer === null) {
            throw $this->refused(0);
        }
        return $answer;
    }
}
