<?php
/** The address book of a box with the groupware: the same contacts that a person's telephones have, by CardDAV. */
class box_contacts extends rcube_plugin
{
    const BOOK = 'box';

    public function init()
    {
        foreach (['groupware', 'line', 'card', 'dav', 'list', 'search', 'book'] as $part) {
            require_once __DIR__ . "/$part.php";
        }
        $this->add_hook('addressbooks_list', [$this, 'name_book']);
        $this->add_hook('addressbook_get', [$this, 'open_book']);
    }

    public function name_book($args)
    {
        $book = [
            'id' => self::BOOK,
            'name' => rcmail::get_instance()->gettext('personaladrbook'),
            'groups' => false,
            'readonly' => false,
            'undelete' => false,
        ];
        $args['sources'] = [self::BOOK => $book] + $args['sources'];
        return $args;
    }

    public function open_book($args)
    {
        if ($args['id'] === self::BOOK) {
            $args['instance'] = new box_contacts_book();
        }
        return $args;
    }
}
