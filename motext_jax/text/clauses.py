"""Patterns of the words that make a clause: who acts, and what is done.

They are strings, for patterns that ignore the case of letters.
"""

PRONOUN = "(?:he|she|they)"
BE = "(?:is|are|was|were)"
NUMBER = r"(?:one|two|three|four|five|six|ten|several|some|another|a few|a couple of|\d+)"

_PERSON = (
    "person|human|humanoid|figure|man|woman|boy|girl|child|kid|character|actor|dancer|performer|"
    "player|athlete|boxer|robot|avatar|guy|individual|subject"
)
WHO = (
    rf"(?:someone|somebody|{PRONOUN}|(?:an?|the|this|one) "
    rf"(?:(?:old|young|tall|small|tired|drunk) )?(?:{_PERSON}))\b"
)
"""Who acts, as a description names its person."""

_LIVING = (
    rf"(?:(?:{_PERSON}|baby|friend|partner|opponent|crowd|group|camera|dog|cat|horse|animal)s?|"
    r"people|men|women|children)\b"
)
SOMEBODY_ELSE = (
    r"(?:(?:someone|somebody|him|her|them|me|us|others)\b|"
    rf"(?:an?|the|another|other|his|her|their|some|many) (?:\w+ )?{_LIVING})(?! \w+ing\b)"
)

_THING_IN_ING = (
    "(?:some|any|every|no)thing|thing|king|ring|string|spring|wing|ceiling|building|evening|"
    "morning|railing|opening|clothing|swing|sling"
)
# "Opening the door" is done, "the opening" is not.
ING = rf"(?!(?:{_THING_IN_ING})\b(?! (?:an?|the|his|her|their|its|it)\b))\w+ing\b"
DOING = rf"(?:\w+ly )?{ING}(?: (?:and|or) {ING})*+(?! {_LIVING})"
"""Words of doing, as "eating breakfast"; not "barking and howling dogs"."""

_NO_VERB = (
    r"his|hers|this|its|us|as|plus|always|perhaps|sometimes|across|hands|arms|legs|knees|elbows|"
    rf"shoulders|(?:up|down)stairs|(?:in|out)doors|{_LIVING}|\w+(?:ss|us|wards|ways)"
)
VERB = rf"(?:(?:\w+ly|again|also|soon|now) )?(?!(?:{_NO_VERB})\b)\w+s\b"

SUBJECT = rf"(?:(?:{PRONOUN}|you|we|i) (?=\w)|{WHO} (?={VERB}|{BE}\b|\w+ed\b))"
"""A person before a verb."""

ACTION = (
    "walk|run|jog|sprint|stroll|march|hike|swim|climb|crawl|jump|leap|hop|skip|vault|dive|step|"
    "lunge|squat|crouch|stretch|turn|spin|twist|twirl|pirouette|roll|flip|backflip|handspring|"
    "somersault|cartwheel|handstand|headstand|burpee|(?:push|sit|pull|chin|warm|run)-?up|workout|"
    "exercise|dance|waltz|bow|curtsy|nod|shrug|wave|salute|clap|hug|handshake|sneeze|cough|"
    "punch|kick|jab|uppercut|slap|shove|push|pull|dodge|parry|thrust|strike|attack|throw|catch|"
    "shot|serve|fight|fall|stumble|landing|takeoff|rest|sip"
)
"""Nouns that name what is done, most of them verbs, too."""

_ADJECTIVES = (
    r"(?:(?!(?:and|or|but|to|of|in|on|at|with|from|for|while|who|that|is|are|then)\b)\w+ ){0,2}?"
)
_DETERMINER = "(?:an?|the|this|that|his|her|their|your|my|its)"
_PHRASE_END = (
    r"(?= ?(?:$|[,;.:!?])| (?:an?|the|this|his|her|their|its|he|she|they|you|someone|somebody|one|"
    r"up|down|in|out|on|off|over|under|around|about|along|away|back|by|at|to|from|of|into|onto|"
    r"through|across|past|against|like|with|for|near|between|behind|again|and|or|but|while|as|then|"
    r"before|after|\w+(?:ly|wards?))\b)"
)
NOUN_OF_ACTION = (
    rf"(?:(?:(?:{_DETERMINER}|{NUMBER}) {_ADJECTIVES})?(?:{ACTION})|"
    rf"{NUMBER} {_ADJECTIVES}(?:{ACTION})e?s){_PHRASE_END}"
)
"""A noun of an action, as "a high jump" or "two jumps"; not "a jump rope"."""
