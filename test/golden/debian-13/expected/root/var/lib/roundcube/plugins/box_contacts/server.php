<?php
/** The groupware that the contacts are at: where a person's own lie, and whether it looks at `If-Match` before it deletes. */
return ['home' => '/SOGo/dav/%u/Contacts/personal/', 'guards_deletion' => false];
