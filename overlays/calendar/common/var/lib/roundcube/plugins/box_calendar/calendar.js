// The page of the calendar: has SOGo's session opened, then shows SOGo's page in the frame, or what is the matter.
const frame = document.getElementById('calendar');
const words = document.getElementById('calendar-words');
rcmail.addEventListener('plugin.box_calendar', (answer) => {
  words.textContent = answer.words ?? '';
  words.hidden = !answer.words;
  frame.hidden = !answer.url;
  if (answer.url) frame.src = answer.url;
});
rcmail.http_post('open', {}, rcmail.set_busy(true, 'loading'));
