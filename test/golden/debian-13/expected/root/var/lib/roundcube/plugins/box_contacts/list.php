<?php
/**
 * What is needed to list and to search a person's contacts, kept in Roundcube's cache: a contact is read again when its
 * version has changed, and not at each page. Nothing depends on it; without it the contacts are read anew.
 */
class box_contacts_list
{
    const KEPT_AS = 'list';
    /** More contacts than any program keeps; how many are asked for at a time; how long reading may take, in seconds. */
    const MOST = 10000;
    const AT_A_TIME = 50;
    const PATIENCE = 40;
    /** How much of a contact is kept for the list, and of one word of it. */
    const LONGEST = 4096;
    const LONGEST_WORD = 200;

    private $dav;
    private $cache;
    private $rows;

    public function __construct($dav, $cache)
    {
        $this->dav = $dav;
        $this->cache = $cache;
    }

    /** Name => [version, fields, whether it has a photo]. At most `$age` seconds old. */
    public function rows($age = 0)
    {
        list($read_at, $old) = $this->rows === null ? $this->kept() : $this->rows;
        if ($this->rows === null && $read_at <= time() - $age) {
            $read_at = time();
            $versions = array_slice($this->dav->versions(), 0, self::MOST, true);
            $rows = [];
            foreach ($old as $name => $row) {
                if (isset($versions[$name]) && $versions[$name] === $row[0]) {
                    $rows[$name] = $row;
                }
            }
            foreach (array_chunk(array_keys(array_diff_key($versions, $rows)), self::AT_A_TIME) as $names) {
                if (time() - $read_at > self::PATIENCE) {
                    // The next page goes on from here.
                    break;
                }
                foreach ($this->dav->cards(array_map('strval', $names)) as $name => $card) {
                    $rows[$name] = $this->row($card[0], $card[1]);
                }
                foreach ($names as $name) {
                    // It is there, and can't be read: it neither vanishes nor is read again at each page.
                    if (!isset($rows[$name])) {
                        $rows[$name] = [$versions[$name], ['name' => rcube_charset::clean((string) $name)], false];
                    }
                }
            }
            $this->keep($read_at, $old = $rows);
        }
        $this->rows = [$read_at, $old];
        return $old;
    }

    /** Something was written. */
    public function outdate()
    {
        list(, $rows) = $this->kept();
        $this->keep(0, $rows);
        $this->rows = null;
    }

    private function row($version, $text)
    {
        $fields = (new box_contacts_card($text))->fields();
        $has_photo = isset($fields['photo']);
        unset($fields['photo']);
        if (strlen(serialize($fields)) > self::LONGEST) {
            $fields = array_map(function ($value) {
                return is_array($value) ? array_slice($value, 0, 10) : mb_strcut($value, 0, self::LONGEST_WORD);
            }, $fields);
        }
        return [$version, $fields, $has_photo];
    }

    private function kept()
    {
        $text = $this->cache === null ? null : $this->cache->get(self::KEPT_AS);
        return json_decode((string) @gzinflate((string) base64_decode((string) $text)), true) ?: [0, []];
    }

    private function keep($read_at, $rows)
    {
        // The fields are clean already; a name within the collection may be anything.
        $clean = [];
        foreach ($rows as $name => $row) {
            $clean[rcube_charset::clean((string) $name)] = $row;
        }
        if ($this->cache !== null) {
            $this->cache->set(self::KEPT_AS, base64_encode(gzdeflate((string) json_encode([$read_at, $clean]))));
        }
    }
}
