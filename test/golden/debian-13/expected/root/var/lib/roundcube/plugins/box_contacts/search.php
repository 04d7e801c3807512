<?php
/** What a person looks for among the contacts, as Roundcube asks an address book. */
class box_contacts_search
{
    private $fields;
    private $value;
    private $mode;
    private $required;

    public function __construct($fields, $value, $mode, $required)
    {
        $this->fields = $fields;
        $this->value = $value;
        $this->mode = (int) $mode;
        $this->required = array_filter((array) $required);
    }

    public function fits($record, $has_photo)
    {
        foreach ($this->required as $field) {
            if ($field === 'photo' ? !$has_photo : $this->values($record, [$field]) === []) {
                return false;
            }
        }
        if ($this->fields === 'ID') {
            return in_array($record['ID'], is_array($this->value) ? $this->value : explode(',', $this->value), true);
        }
        $fields = $this->fields === '*' ? ['*'] : (array) $this->fields;
        if (is_array($this->value)) {
            // Each field has a value of its own, and all must fit.
            foreach ($fields as $i => $field) {
                if (!$this->has($record, [$field], isset($this->value[$i]) ? (string) $this->value[$i] : '')) {
                    return false;
                }
            }
            return true;
        }
        $is_one = $this->mode & rcube_addressbook::SEARCH_STRICT;
        $words = $is_one ? [$this->value] : preg_split('/\s+/u', $this->value, 20, PREG_SPLIT_NO_EMPTY);
        foreach ($words ?: [] as $word) {
            if (!$this->has($record, $fields, $word)) {
                return false;
            }
        }
        return true;
    }

    private function has($record, $fields, $word)
    {
        $word = mb_strtolower($word);
        foreach ($this->values($record, $fields) as $value) {
            $at = $word === '' ? 0 : strpos($value, $word);
            if ($this->mode & rcube_addressbook::SEARCH_STRICT ? $value === $word
                : ($this->mode & rcube_addressbook::SEARCH_PREFIX ? $at === 0 : $at !== false)) {
                return true;
            }
        }
        return false;
    }

    private function values($record, $fields)
    {
        $values = [];
        foreach ($record as $key => $value) {
            if ($key !== 'ID' && ($fields === ['*'] || in_array(explode(':', $key)[0], $fields, true))) {
                $all = [$value];
                array_walk_recursive($all, function ($one) use (&$values) {
                    $values[] = mb_strtolower($one);
                });
            }
        }
        return array_filter($values, 'strlen');
    }
}
