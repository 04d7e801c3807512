<?php
/** The groupware that the contacts are at: where a person's own lie, and whether it looks at `If-Match` before it deletes. */
return ['home' => '/dav/addressbooks/%u/personal/', 'guards_deletion' => true];
