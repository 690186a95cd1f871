"""Word lists of the rules, for English: what reports, who speaks, what is no name."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SMALL_WORDS = _words("the a an of for and on in at to with by de la del des du der und et al")
NOT_NAMES = _words(
    "the a an this that these those he she it they we you i his her its their our my but and or "
    "if in on at by for from to of as is was are were be been not no yes so then there here when "
    "while after before since until although though because however meanwhile monday tuesday "
    "wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december one two three four five six seven eight nine ten"
)
ROLES = _words(
    "president minister chancellor senator governor mayor secretary spokesperson spokesman "
    "spokeswoman mr mrs ms dr prof professor gen general col colonel capt captain lt sgt judge "
    "king queen prince princess pope bishop ambassador commissioner chairman chairwoman chair "
    "director chief commander analyst economist historian lawyer journalist deputy leader "
    "congressman congresswoman representative sen rep gov premier admiral marshal sheikh emir"
)
ORGANISATION_WORDS = _words(
    "ministry university institute party bank agency council organization organisation committee "
    "commission association union federation company corporation group foundation court police "
    "army navy authority service office department bureau parliament assembly senate centre "
    "center league board fund newspaper daily times post herald"
)

# Nouns that can say something, with the kind of source they are.
SPEAKER_NOUNS: dict[str, str] = {
    **dict.fromkeys(
        "government ministry company agency party group organisation organization committee "
        "council commission court police army military union team club bank institute university "
        "think-tank tank authority service office "
        "department bureau board opposition administration watchdog "
        "regulator operator firm charity federation parliament navy coalition campaign hospital "
        "school association kremlin palace cabinet centre center alliance embassy inspectorate "
        "foundation manufacturer airline airport prosecution defence defense".split(),
        "organisation",
    ),
    **dict.fromkeys(
        "newspaper agency magazine broadcaster outlet website daily weekly channel network".split(),
        "outlet",
    ),
    **dict.fromkeys(
        "report study article survey poll document statement letter analysis assessment memo data "
        "figures statistics research findings bulletin paper audit review inquiry reports studies "
        "documents records video videos footage photos polling polls guidelines advisory update "
        "motion complaint constitution decree autopsy poster results result work book books papers "
        "indictment lawsuit petition agreement resolution treaty evidence tests test "
        "announcement tweet post account verdict plan proposal bill law rule rules estimates "
        "estimate figures census investigation".split(),
        "document",
    ),
    **dict.fromkeys(
        "president minister spokesperson spokesman spokeswoman mayor leader chief director head "
        "secretary ambassador general commander governor senator lawmaker analyst economist "
        "historian lawyer journalist judge prosecutor professor researcher chairman chairwoman "
        "chair chancellor premier king queen pope "
        "bishop deputy critic author engineer doctor captain "
        "witness resident mp inspector pilot scientist candidate".split(),
        "person",
    ),
    **dict.fromkeys(
        "officials official sources source experts expert analysts observers critics witnesses "
        "residents activists lawyers diplomats diplomat investigators authorities opponents "
        "supporters people researchers scientists economists lawmakers prosecutors relatives "
        "neighbours workers protesters doctors engineers campaigners insiders aide aides "
        "media staff relatives parent parents employee employees victims eyewitnesses eyewitness "
        "men women members associates "
        "prosecutors police firefighters".split(),
        "unnamed",
    ),
}
# Without a name, these are somebody in particular who is not named.
UNNAMED_ALONE = _words(
    "official source expert analyst diplomat witness resident officials sources insider aide "
    "employee"
)
PRONOUNS = {
    "he": "person", "she": "person", "him": "person", "her": "person", "they": "", "them": "",
    "it": "organisation", "who": "",
}  # fmt: skip
PICTURES = _words("footage video videos photos records tests test results evidence")
OWNERS = {"his": "he", "her": "she", "its": "it", "their": "they"}
FIRST_PERSON = _words("i we me us my our myself ourselves")
# After a name these go on about it, or leave it; other small words make it a part of what follows.
AFTER_NAMES = _words(
    "and or of who whom which from in on at with for to by as also not himself herself itself aged "
    "is was has had"
)
# With the name of a state or of its people these are the state.
OF_STATES = _words("government administration")
STATES_OF_PEOPLES = {
    "american": "United States", "british": "United Kingdom", "french": "France",
    "german": "Germany", "russian": "Russia", "chinese": "China", "japanese": "Japan",
    "israeli": "Israel", "iranian": "Iran", "iraqi": "Iraq", "syrian": "Syria",
    "turkish": "Turkey", "greek": "Greece", "spanish": "Spain", "portuguese": "Portugal",
    "dutch": "Netherlands", "danish": "Denmark", "swedish": "Sweden", "norwegian": "Norway",
    "finnish": "Finland", "polish": "Poland", "ukrainian": "Ukraine", "hungarian": "Hungary",
    "italian": "Italy", "swiss": "Switzerland", "belgian": "Belgium", "irish": "Ireland",
    "scottish": "Scotland", "welsh": "Wales", "canadian": "Canada", "mexican": "Mexico",
    "brazilian": "Brazil", "argentine": "Argentina", "venezuelan": "Venezuela",
    "colombian": "Colombia", "cuban": "Cuba", "chilean": "Chile", "peruvian": "Peru",
    "indian": "India", "pakistani": "Pakistan", "afghan": "Afghanistan",
    "bangladeshi": "Bangladesh", "indonesian": "Indonesia", "malaysian": "Malaysia",
    "philippine": "Philippines", "filipino": "Philippines", "thai": "Thailand",
    "vietnamese": "Vietnam", "korean": "Korea", "south korean": "South Korea",
    "north korean": "North Korea", "australian": "Australia", "egyptian": "Egypt",
    "libyan": "Libya", "tunisian": "Tunisia", "algerian": "Algeria", "moroccan": "Morocco",
    "sudanese": "Sudan", "ethiopian": "Ethiopia", "kenyan": "Kenya", "nigerian": "Nigeria",
    "ghanaian": "Ghana", "south african": "South Africa", "zimbabwean": "Zimbabwe",
    "lebanese": "Lebanon", "jordanian": "Jordan", "saudi": "Saudi Arabia", "yemeni": "Yemen",
    "qatari": "Qatar", "kazakh": "Kazakhstan", "uzbek": "Uzbekistan", "burmese": "Burma",
    "serbian": "Serbia", "croatian": "Croatia", "bosnian": "Bosnia", "romanian": "Romania",
    "bulgarian": "Bulgaria", "czech": "Czech Republic", "slovak": "Slovakia",
    "austrian": "Austria", "georgian": "Georgia", "armenian": "Armenia",
    "azerbaijani": "Azerbaijan", "moldovan": "Moldova", "belarusian": "Belarus",
    "haitian": "Haiti", "somali": "Somalia", "ugandan": "Uganda", "rwandan": "Rwanda",
    "congolese": "Congo", "nepalese": "Nepal", "palestinian": "Palestine",
}  # fmt: skip

_MODES: dict[str, str] = {}


def _mode(mode: str, verbs: str) -> None:
    for verb in verbs.split():
        _MODES[verb] = mode


# Forms that take what is said as a clause ("said that ...", "said ...").
_mode(
    "asserts",
    "say says said tell tells told announce announces announced state states stated note notes "
    "noted add adds added explain explains explained report reports reported claim claims claimed "
    "confirm confirms confirmed declare declares declared insist insists insisted argue argues "
    "argued acknowledge acknowledges acknowledged admit admits admitted stress stresses stressed "
    "emphasise emphasised emphasize emphasized reiterate reiterates reiterated maintain maintains "
    "maintained reply replied write writes wrote reveal reveals revealed point points pointed "
    "allege alleges alleged assert asserts asserted complain complained comment commented "
    "remark remarked recall recalled conclude concludes concluded find finds found show shows "
    "showed indicate indicates indicated observe observed describe describes described "
    "disclose disclosed repeat repeats repeated testify testified tweeted posted joked",
)
_mode("suggests", "suggest suggests suggested imply implies implied hint hints hinted")
_mode(
    "believes",
    "believe believes believed think thinks thought consider considers considered fear fears "
    "feared doubt doubts doubted assume assumed suspect suspects suspected hope hopes hoped",
)
_mode(
    "predicts",
    "predict predicts predicted expect expects expected forecast forecasts warn warns warned "
    "estimate estimates estimated anticipate anticipates anticipated project projects projected",
)
_mode(
    "denies",
    "deny denies denied dismiss dismisses dismissed reject rejects rejected refute refutes refuted",
)
_mode("orders", "order orders ordered urge urges urged demand demands demanded instruct instructed")
_mode("asks", "ask asks asked request requests requested call calls called")
_mode(
    "intends",
    "plan plans planned aim aims aimed intend intends intended vow vows vowed promise promises "
    "promised pledge pledges pledged threaten threatens threatened want wants wanted seek seeks",
)
# These say what somebody made of a thing: the thing is the content.
_mode(
    "asserts",
    "praise praises praised criticise criticises criticised criticize criticizes criticized "
    "condemn condemns condemned welcome welcomes welcomed accuse accuses accused blame blames "
    "blamed defend defends defended characterise characterised characterize characterized denounce "
    "denounces denounced",
)
MODES = _MODES

INTENDS = frozenset(verb for verb, mode in MODES.items() if mode == "intends")
TAKES_OBJECT = _words(
    "praise praises praised criticise criticises criticised criticize criticizes criticized "
    "condemn condemns condemned welcome welcomes welcomed accuse accuses accused blame blames "
    "blamed defend defends defended deny denies denied dismiss dismisses dismissed reject rejects "
    "rejected refute refutes refuted demand demands demanded predict predicts predicted describe "
    "describes described characterise characterised characterize characterized order orders "
    "ordered "
    "denounce denounces denounced urge urges urged"
)
# These report only before a clause that begins with "that" or a quotation.
NEEDS_THAT = _words(
    "show shows showed find finds found indicate indicates indicated report reports reported "
    "describe describes described point points pointed consider considers considered recall "
    "recalled repeat repeats repeated project projects projected order orders ordered observe "
    "observed call calls called reveal reveals revealed conclude concludes concluded maintain "
    "maintains maintained recommend state states tell tells told post posted write writes wrote "
    "doubt doubts doubted note noted reply replied comment remark estimate project"
)
# An infinitive may follow: "plans to", "aims to", "asked ... to", "urged ... to".
TAKES_INFINITIVE = INTENDS | _words(
    "hope hopes hoped expect expects expected ask asks asked urge urges urged order orders ordered "
    "instruct instructed"
)
AUXILIARIES = _words(
    "has have had is are was were be been being will would can could may might must should does "
    "did do also later earlier previously repeatedly reportedly again once publicly privately not "
    "never already now then further recently initially strongly sharply openly flatly"
)
ADVERBS = _words(
    "also later earlier previously repeatedly reportedly again publicly privately already now then "
    "further recently initially strongly sharply openly flatly once"
)
# Beginnings of a clause: a subject begins after them at the earliest.
CLAUSE_WORDS = _words(
    "and but while as that which because although though when where if after before since until "
    "whereas so or whether how why what"
)
PREPOSITIONS = _words(
    "in on at after before during following despite amid with without for from under over by since "
    "until through throughout besides unlike according instead speaking asked when while as"
)
DETERMINERS = _words(
    "the a an this that these those his her its their our my some several many one two three four "
    "five another both other all no"
)
# A clause has one of these, or a pronoun that can only be its subject.
FINITE = _words(
    "is are was were has have had will would can could may might must should does did do won't "
    "didn't doesn't isn't wasn't aren't weren't hasn't haven't hadn't wouldn't couldn't can't"
)
SUBJECT_PRONOUNS = _words("he she it they we i there you")
TIMES = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november "
    "december yesterday today tomorrow morning afternoon "
    "evening night week month year"
)
PASSIVE_CUES = _words("viewed seen believed considered expected thought said reported understood")
