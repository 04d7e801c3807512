<?php
/** One line of a vCard, unfolded and taken apart. As long as nobody gives it another value it stays as it was written. */
class box_contacts_line
{
    /** As it stands in the card, folds and all. */
    public $raw;
    public $name = '';
    private $group = '';
    private $parameters = '';
    private $types = [];
    private $value = '';

    public function __construct($raw)
    {
        $this->raw = $raw;
        // The value stands behind the first colon that is in no quotes.
        $shape = '/^([A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)$/sD';
        if (preg_match($shape, preg_replace('/\r?\n[ \t]/', '', $raw), $found)) {
            list(, $this->group, $name, $this->parameters, $this->value) = $found;
            $this->name = strtoupper($name);
            preg_match_all('/;(?:TYPE=)?("[^"]*"|[^";=]+)(?=;|$)/i', $this->parameters, $types);
            $this->types = explode(',', strtolower(str_replace('"', '', implode(',', $types[1]))));
        }
    }

    /** The lines of a card. */
    public static function all($text)
    {
        return array_map(function ($raw) {
            return new self($raw);
        }, preg_split('/\r?\n(?![ \t])/', trim($text)));
    }

    public static function made($head, $coded)
    {
        return new self(rcube_vcard::rfc2425_fold("$head:$coded"));
    }

    /** The same line with another value: its group, its label and whatever else was said of it stay. */
    public function with($value)
    {
        if (is_array($value)) {
            // Parts that the form has no fields for.
            $value += $this->parts();
        }
        // By what a program sorts the name, and what kind of value it was, was said of the old one.
        $kept = preg_replace('/;(?:SORT-AS|VALUE|CHARSET|ENCODING)=(?:"[^"]*"|[^";])*/i', '', $this->parameters);
        return self::made($this->group . $this->name . $kept, self::coded($value));
    }

    public function is($type)
    {
        return in_array(strtolower($type), $this->types, true);
    }

    public function value()
    {
        return self::decoded($this->value);
    }

    public function parts()
    {
        preg_match_all('/((?:\\\\.|[^;\\\\])*+);/s', $this->value . ';', $found);
        return array_map([self::class, 'decoded'], $found[1]);
    }

    /** The bytes that are in the line itself, or false: what lies elsewhere is not fetched, and no browser is sent there. */
    public function bytes()
    {
        $coded = preg_replace('#^data:image/[a-z]+;base64,#i', '', $this->value, 1, $is_data);
        $is_coded = preg_match('/;(?:ENCODING=)?(?:b|base64)(?:;|$)/i', $this->parameters);
        return $is_data || $is_coded ? base64_decode($coded, true) : false;
    }

    /** Text as a field of a form holds it. */
    public static function tidy($text)
    {
        $text = str_replace(["\r\n", "\r"], "\n", rcube_charset::clean((string) $text));
        return trim(preg_replace('/[\x00-\x08\x0b-\x1f\x7f]/', '', $text));
    }

    private static function decoded($text)
    {
        return self::tidy(preg_replace_callback('/\\\\(.)/s', function ($found) {
            return $found[1] === 'n' || $found[1] === 'N' ? "\n" : $found[1];
        }, $text));
    }

    /** A value, or parts by their place, as the line holds them. */
    public static function coded($value)
    {
        $parts = (array) $value;
        $parts += array_fill(0, 1 + max(array_keys($parts)), '');
        ksort($parts);
        return implode(';', array_map(function ($part) {
            return strtr($part, ['\\' => '\\\\', "\n" => '\\n', ',' => '\\,', ';' => '\\;']);
        }, $parts));
    }
}
