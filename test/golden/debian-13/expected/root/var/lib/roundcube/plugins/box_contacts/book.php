<?php
/** A person's contacts at the groupware as an address book of Roundcube's. It has no groups: a list of SOGo's is no group. */
class box_contacts_book extends rcube_addressbook
{
    const CUT = 'Its photo, or something else of it, is too large to be shown and changed here.';

    public $primary_key = 'ID';
    public $groups = false;
    public $readonly = false;
    public $undelete = false;
    public $ready = true;
    public $date_cols = ['birthday'];

    private $dav;
    private $list;
    /** @var ?array What `box_contacts_search` is made of: Roundcube keeps it in the session, which takes no objects. */
    private $filter;
    private $result;
    /** @var string The contact that was changed elsewhere while its form was open. */
    private $stale;
    private $has_told = false;

    public function __construct()
    {
        $rcmail = rcmail::get_instance();
        $this->coltypes = box_contacts_card::columns();
        $this->dav = new box_contacts_dav(
            $rcmail->config->get('box_groupware_port'),
            (string) $rcmail->get_user_name(),
            (string) $rcmail->decrypt(isset($_SESSION['password']) ? $_SESSION['password'] : '')
        );
        $this->list = new box_contacts_list($this->dav, $rcmail->get_cache('box_contacts', 'db', '30d', false));
    }

    public function get_name()
    {
        return rcmail::get_instance()->gettext('personaladrbook');
    }

    public function set_search_set($filter)
    {
        $this->filter = $filter;
    }

    public function get_search_set()
    {
        return $this->filter;
    }

    public function reset()
    {
        $this->result = null;
        $this->filter = null;
    }

    public function get_result()
    {
        return $this->result;
    }

    public function count()
    {
        return new rcube_result_set(count($this->found()), ($this->list_page - 1) * $this->page_size);
    }

    public function list_records($cols = null, $subset = 0, $nocount = false)
    {
        $found = $this->sorted($this->found());
        $first = ($this->list_page - 1) * $this->page_size;
        $this->result = new rcube_result_set(count($found), $first);
        $from = $subset < 0 ? $first + $this->page_size + $subset : $first;
        foreach (array_slice($found, $from, $subset === 0 ? $this->page_size : abs($subset)) as $row) {
            $this->result->add($row);
        }
        return $this->result;
    }

    public function search($fields, $value, $mode = 0, $select = true, $nocount = false, $required = [])
    {
        $this->filter = [$fields, $value, $mode, $required];
        $result = $select ? $this->list_records(null, 0, $nocount) : $this->count();
        if (in_array('photo', (array) $required, true) && $result->records) {
            // A mail's sender is shown with the first photo that there is.
            $result->records[0] = $this->get_record($result->records[0]['ID'], true) ?: $result->records[0];
        }
        return $this->result = $result;
    }

    public function get_record($id, $assoc = false)
    {
        $record = null;
        $this->bear(function () use ($id, &$record) {
            $card = $this->card($id);
            if ($card !== null) {
                list($name, $version, $text, $is_cut) = $card;
                $card = new box_contacts_card($text);
                $record = $card->fields();
                if ($is_cut) {
                    $notes = isset($record['notes']) ? $record['notes'] : '';
                    $record['notes'] = ltrim($notes . "\n(" . self::CUT . ')');
                }
                // Who was told of a change elsewhere must look at it before the next attempt.
                $record['ID'] = $id === $this->stale ? $id : $this->id($name, $version);
                $record['readonly'] = $is_cut || !$card->is_editable();
            }
        });
        $this->result = new rcube_result_set($record === null ? 0 : 1);
        if ($record !== null) {
            $this->result->add($record);
        }
        return $assoc ? $record : $this->result;
    }

    public function validate(&$save_data, $autofix = false)
    {
        $named = implode('', array_map('strval', array_intersect_key($save_data, ['name' => 1, 'firstname' => 1,
            'surname' => 1, 'nickname' => 1, 'organization' => 1])));
        if (trim($named . implode('', $this->get_col_values('email', $save_data, true))) === '') {
            $this->set_error(self::ERROR_VALIDATE, rcmail::get_instance()->gettext('nonamewarning'));
            return false;
        }
        if (!parent::validate($save_data, $autofix)) {
            return false;
        }
        // Here, and not when it is written: the form stays open with what was typed.
        $rcmail = rcmail::get_instance();
        $id = rcube_utils::get_input_string('_cid', rcube_utils::INPUT_POST);
        if ($rcmail->task !== 'addressbook' || $rcmail->action !== 'save' || $id === '') {
            return true;
        }
        $is_current = false;
        $this->bear(function () use ($id, &$is_current) {
            $card = $this->card($id);
            $is_current = $card !== null && $this->id($card[0], $card[1]) === $id;
            if (!$is_current) {
                $this->stale = $id;
                $this->refuse($card === null);
            }
        });
        return $is_current;
    }

    public function insert($save_data, $check = false)
    {
        $id = false;
        $this->bear(function () use ($save_data, &$id) {
            $random = bin2hex(rcube_utils::random_bytes(16, true));
            $uid = strtoupper(implode('-', sscanf($random, '%8s%4s%4s%4s%12s')));
            $card = box_contacts_card::made($uid);
            $card->change($this->named($save_data));
            if (!$this->dav->write("$uid.vcf", $card->text())) {
                $this->refuse(false);
                return;
            }
            $this->list->outdate();
            $id = $this->id("$uid.vcf", $this->version("$uid.vcf"));
        });
        return $id;
    }

    public function update($id, $save_cols)
    {
        $new_id = false;
        $this->bear(function () use ($id, $save_cols, &$new_id) {
            $found = $this->card($id);
            if ($found === null || $this->id($found[0], $found[1]) !== $id) {
                $this->refuse($found === null);
                return;
            }
            list($name, $version, $text, $is_cut) = $found;
            $card = new box_contacts_card($text);
            if ($is_cut || !$card->is_editable()) {
                $this->set_error(self::ERROR_READ_ONLY, 'contactreadonly');
                return;
            }
            $card->change($this->named($save_cols));
            if (!$this->dav->write($name, $card->text(), $version)) {
                $this->refuse(false);
                return;
            }
            $this->list->outdate();
            $new_id = $this->id($name, $this->version($name));
        });
        return $new_id;
    }

    public function delete($ids, $force = true)
    {
        $gone = 0;
        $this->bear(function () use ($ids, &$gone) {
            $versions = $this->dav->versions();
            $this->list->outdate();
            $refused = false;
            foreach (is_array($ids) ? $ids : explode(',', $ids) as $id) {
                $name = $this->name($id);
                if ($name === null || !isset($versions[$name])) {
                    $gone++;
                } elseif ($this->id($name, $versions[$name]) === $id && $this->dav->remove($name, $versions[$name])) {
                    $gone++;
                } else {
                    $refused = true;
                }
            }
            if ($refused) {
                $this->refuse(false);
                $gone = 0;
            }
        });
        return $gone;
    }

    public function delete_all($with_groups = false)
    {
        $gone = 0;
        $this->bear(function () use (&$gone) {
            $this->list->outdate();
            foreach ($this->dav->versions() as $name => $version) {
                if ($this->dav->remove((string) $name, $version)) {
                    $gone++;
                }
            }
        });
        return $gone;
    }

    /** What a contact is called here: its name within the collection, and the version that was looked at. */
    private function id($name, $version)
    {
        return bin2hex($name) . '_' . substr(hash('sha256', $version), 0, 16);
    }

    private function name($id)
    {
        $name = preg_match('/^((?:[0-9a-f]{2}){1,200})_[0-9a-f]{16}$/D', (string) $id, $found) ? hex2bin($found[1]) : '';
        return box_contacts_dav::is_name($name) ? $name : null;
    }

    private function card($id)
    {
        $name = $this->name($id);
        $found = $name === null ? null : $this->dav->card($name);
        return $found === null ? null : array_merge([$name], $found);
    }

    /** What the server calls it after it was written. */
    private function version($name)
    {
        $card = $this->dav->card($name);
        return $card === null ? '' : $card[0];
    }

    private function refuse($is_gone)
    {
        $this->set_error(self::ERROR_SAVING, $is_gone
            ? 'This contact was deleted elsewhere meanwhile, for instance on a telephone. Nothing was saved.'
            : 'This contact was changed elsewhere meanwhile, for instance on a telephone. Nothing was saved or deleted: open it anew.');
    }

    /** A card without a name is none. */
    private function named($fields)
    {
        $fields += ['name' => '', 'nickname' => '', 'organization' => ''];
        if (trim((string) $fields['name']) === '') {
            $emails = $this->get_col_values('email', $fields, true);
            $fields['name'] = rcube_addressbook::compose_display_name($fields, true) ?: $fields['nickname']
                ?: $fields['organization'] ?: (string) reset($emails);
        }
        return $fields;
    }

    /** Trouble is told where a page can show it, and ends nothing else: a mail is written without contacts too. */
    private function bear($work)
    {
        try {
            $work();
        } catch (box_contacts_trouble $trouble) {
            $this->set_error(self::ERROR_NO_CONNECTION, $trouble->getMessage());
            $rcmail = rcmail::get_instance();
            if ($rcmail->task === 'addressbook' && !$this->has_told && !in_array($rcmail->action, ['save', 'delete'], true)) {
                $this->has_told = true;
                $rcmail->output->show_message($trouble->getMessage(), 'error', null, false);
            }
        }
    }

    /** The contacts that the search allows, as records by name. */
    private function found()
    {
        $rows = [];
        $this->bear(function () use (&$rows) {
            // A mail is being written or read: each letter of an address asks.
            $rows = $this->list->rows(rcmail::get_instance()->task === 'addressbook' ? 0 : 60);
        });
        $search = null;
        if ($this->filter !== null) {
            list($fields, $value, $mode, $required) = $this->filter;
            $search = new box_contacts_search($fields, $value, $mode, $required);
        }
        $found = [];
        foreach ($rows as $name => $row) {
            list($version, $fields, $has_photo) = $row;
            $record = $fields + ['ID' => $this->id((string) $name, $version)];
            if ($search === null || $search->fits($record, $has_photo)) {
                $found[] = $record;
            }
        }
        return $found;
    }

    private function sorted($records)
    {
        $keys = [];
        foreach ($records as $record) {
            $column = $this->get_col_values($this->sort_col, $record, true);
            $keys[] = trim(implode(' ', [reset($column) ?: '', $record['name'],
                isset($record['firstname']) ? $record['firstname'] : '', $record['ID']]));
        }
        (new Collator(isset($_SESSION['language']) ? $_SESSION['language'] : 'en_US'))->asort($keys);
        $sorted = array_map(function ($at) use ($records) {
            return $records[$at];
        }, array_keys($keys));
        return $this->sort_order === 'DESC' ? array_reverse($sorted) : $sorted;
    }
}
