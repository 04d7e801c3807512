# What the spam filter marked goes into Spam, whatever a person's own filters say.
require ["fileinto", "mailbox"];

if header :matches "X-Spam-Status" "Yes*" {
  fileinto :create "Spam";
  stop;
}
