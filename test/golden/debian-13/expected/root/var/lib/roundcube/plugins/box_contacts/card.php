<?php
/**
 * One contact's vCard (3.0 or 4.0) as Roundcube's form shows it. What the form does not show, and what nobody changed in
 * it, stays byte for byte as the telephone wrote it.
 */
class box_contacts_card
{
    /** The form's fields, and the property that each is. */
    private static $properties = [
        'N' => 'N', 'name' => 'FN', 'nickname' => 'NICKNAME', 'ORG' => 'ORG', 'jobtitle' => 'TITLE', 'email' => 'EMAIL',
        'phone' => 'TEL', 'address' => 'ADR', 'website' => 'URL', 'birthday' => 'BDAY', 'notes' => 'NOTE', 'photo' => 'PHOTO',
    ];
    /** Properties of several parts: which field each part is. */
    private static $parts = [
        'N' => ['surname', 'firstname', 'middlename', 'prefix', 'suffix'],
        'ORG' => ['organization', 'department'],
        'ADR' => [2 => 'street', 3 => 'locality', 4 => 'region', 5 => 'zipcode', 6 => 'country'],
    ];
    /** Fields that one may have several of, each of some kind, and what TYPE says for the kind. The first that fits counts. */
    private static $kinds = [
        'email' => ['home' => ['HOME'], 'work' => ['WORK'], 'other' => []],
        'phone' => [
            'mobile' => ['CELL'], 'workfax' => ['WORK', 'FAX'], 'homefax' => ['HOME', 'FAX'], 'pager' => ['PAGER'], 'car' => ['CAR'],
            'video' => ['VIDEO'], 'home' => ['HOME'], 'work' => ['WORK'], 'other' => [],
        ],
        'address' => ['home' => ['HOME'], 'work' => ['WORK'], 'other' => []],
        'website' => ['homepage' => ['HOME'], 'work' => ['WORK'], 'other' => []],
    ];
    /** A photo's kinds, by its first bytes. */
    private static $photos = ['JPEG' => "\xff\xd8\xff", 'PNG' => "\x89PNG\r\n", 'GIF' => 'GIF8'];

    /** @var box_contacts_line[] */
    private $lines;
    private $version = '';

    public function __construct($text)
    {
        $this->lines = box_contacts_line::all($text);
        foreach ($this->lines as $line) {
            $this->version = $line->name === 'VERSION' ? $line->value() : $this->version;
        }
    }

    /** A contact that does not exist yet. */
    public static function made($uid)
    {
        return new self("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:$uid\r\nN:;;;;\r\nFN:\r\nEND:VCARD");
    }

    /** Whether it is just one card, and of a version that is written here. */
    public function is_editable()
    {
        $names = array_map(function ($line) {
            return $line->name;
        }, $this->lines);
        return in_array($this->version, ['3.0', '4.0'], true) && array_keys($names, 'BEGIN', true) === [0]
            && array_keys($names, 'END', true) === [count($names) - 1];
    }

    public function text()
    {
        $text = '';
        foreach ($this->lines as $line) {
            $text .= $line->raw . "\r\n";
        }
        return $text;
    }

    /** The fields that `fields` gives, as an address book of Roundcube's tells them. */
    public static function columns()
    {
        $columns = ['photo' => ['limit' => 1, 'nosearch' => true]];
        $single = array_keys(array_diff_key(self::$properties, self::$kinds, self::$parts, $columns));
        foreach (array_merge($single, self::$parts['N'], self::$parts['ORG']) as $column) {
            $columns[$column] = ['limit' => 1];
        }
        foreach (self::$kinds as $column => $kinds) {
            $columns[$column] = ['subtypes' => array_keys($kinds)];
        }
        return $columns;
    }

    public function fields()
    {
        $fields = ['name' => ''];
        foreach ($this->shown() as $entry) {
            list($key, $value) = $entry;
            if (isset(self::$parts[$key])) {
                $fields += array_filter(array_combine(self::$parts[$key], $value), 'strlen');
            } elseif (strpos($key, 'address:') === 0) {
                $fields[$key][] = array_combine(self::$parts['ADR'], $value);
            } elseif (strpos($key, ':') !== false) {
                $fields[$key][] = $value;
            } else {
                $fields[$key] = $value;
            }
        }
        return $fields;
    }

    /** Takes over what the form holds. */
    public function change($fields)
    {
        $wanted = $this->wanted($fields);
        $others = [];
        foreach ($this->shown() as $at => $entry) {
            $same = array_search($entry, $wanted, true);
            if ($same === false && $entry[0] !== 'notes') {
                // A field of one line drops the ends of lines.
                $same = array_search([$entry[0], str_replace("\n", '', $entry[1])], $wanted, true);
            }
            if ($same !== false) {
                unset($wanted[$same]);
            } elseif ($entry[0] !== 'photo' || isset($fields['photo'])) {
                $others[$at] = $entry[0];
            }
        }
        foreach ($others as $at => $key) {
            $new = array_search($key, array_combine(array_keys($wanted), array_column($wanted, 0)), true);
            if ($new === false) {
                $this->lines[$at] = null;
            } else {
                $this->lines[$at] = $this->line($key, $wanted[$new][1], $this->lines[$at]);
                unset($wanted[$new]);
            }
        }
        $end = array_pop($this->lines);
        foreach ($wanted as $entry) {
            $this->lines[] = $this->line($entry[0], $entry[1]);
        }
        $this->lines = array_merge(array_filter($this->lines), [$end]);
        foreach ($this->lines as $at => $line) {
            if ($line->name === 'REV') {
                $this->lines[$at] = $line->with(gmdate($this->version === '4.0' ? 'Ymd\THis\Z' : 'Y-m-d\TH:i:s\Z'));
            }
        }
    }

    /** What the form shows, as [field and kind, value], by the line's place. Of what there may be one of, the first. */
    private function shown()
    {
        $shown = [];
        $seen = [];
        foreach ($this->lines as $at => $line) {
            $entry = $this->entry($line);
            if ($entry !== null && !isset($seen[$entry[0]])) {
                $shown[$at] = $entry;
                if (strpos($entry[0], ':') === false) {
                    $seen[$entry[0]] = true;
                }
            }
        }
        return $shown;
    }

    private function entry($line)
    {
        $column = array_search($line->name, self::$properties, true);
        if ($column === false) {
            return null;
        }
        if ($column === 'photo') {
            $photo = $line->bytes();
            return $photo === false || self::photo_type($photo) === null ? null : [$column, $photo];
        }
        $value = $line->value();
        if (isset(self::$parts[$line->name])) {
            $value = array_replace(array_fill_keys(array_keys(self::$parts[$line->name]), ''),
                array_intersect_key($line->parts(), self::$parts[$line->name]));
        } elseif ($column === 'birthday') {
            $is_day = preg_match('/^(\d{4})-?(\d\d)-?(\d\d)(?:T.*)?$/D', $value, $day) && checkdate($day[2], $day[3], $day[1]);
            $value = $is_day ? "$day[1]-$day[2]-$day[3]" : '';
        } elseif ($column === 'phone') {
            $value = preg_replace('/^tel:/i', '', $value);
        }
        return self::is_empty($column, $value) ? null : [$this->key($column, $line), $value];
    }

    /** What the form holds, in the same shape. */
    private function wanted($fields)
    {
        $wanted = [];
        foreach (['N' => $fields, 'ORG' => $fields] + $fields as $key => $values) {
            list($column, $kind) = explode(':', $key, 2) + ['', 'other'];
            $kinds = isset(self::$kinds[$column]) ? self::$kinds[$column] : null;
            if (!isset(self::$properties[$column])) {
                continue;
            }
            $full = $kinds === null ? $column : $column . ':' . (isset($kinds[$kind]) ? $kind : 'other');
            foreach ($kinds === null || !is_array($values) || isset($values['street']) ? [$values] : $values as $value) {
                $value = $this->typed($column, $value);
                if (!self::is_empty($column, $value)) {
                    $wanted[] = [$full, $value];
                }
            }
        }
        return $wanted;
    }

    private function typed($column, $value)
    {
        $property = self::$properties[$column];
        if (isset(self::$parts[$property])) {
            return array_map(function ($part) use ($value) {
                return box_contacts_line::tidy(isset($value[$part]) ? $value[$part] : '');
            }, self::$parts[$property]);
        }
        return $column === 'photo' ? (string) $value : box_contacts_line::tidy($value);
    }

    /** A card has a name, be it empty. */
    private static function is_empty($column, $value)
    {
        return $column !== 'N' && $column !== 'name' && implode('', (array) $value) === '';
    }

    private function key($column, $line)
    {
        foreach (isset(self::$kinds[$column]) ? self::$kinds[$column] : [] as $kind => $types) {
            if (array_filter($types, [$line, 'is']) === $types) {
                return "$column:$kind";
            }
        }
        return $column;
    }

    /** A line that says this, in the words of the one that it replaces. */
    private function line($key, $value, $old = null)
    {
        list($column, $kind) = explode(':', $key) + ['', ''];
        $head = self::$properties[$column];
        if ($column === 'photo') {
            $type = self::photo_type($value);
            if ($type === null) {
                throw new box_contacts_trouble('A photo is a JPEG, PNG or GIF picture.');
            }
            $data = base64_encode($value);
            return $this->version === '4.0'
                ? box_contacts_line::made($head, 'data:image/' . strtolower($type) . ";base64,$data")
                : box_contacts_line::made("$head;ENCODING=b;TYPE=$type", $data);
        }
        if ($column === 'birthday') {
            return box_contacts_line::made($head, $this->version === '4.0' ? str_replace('-', '', $value) : $value);
        }
        foreach (isset(self::$kinds[$column][$kind]) ? self::$kinds[$column][$kind] : [] as $type) {
            $head .= ";TYPE=$type";
        }
        return $old === null ? box_contacts_line::made($head, box_contacts_line::coded($value)) : $old->with($value);
    }

    private static function photo_type($bytes)
    {
        foreach (self::$photos as $type => $begin) {
            if (strncmp($bytes, $begin, strlen($begin)) === 0) {
                return $type;
            }
        }
        return null;
    }
}
