"""Ordinary words that are names too: where a text has one, it need not mean the student who is called so."""

from __future__ import annotations

_NEVER_ALONE = """
ad ah all also am an and any are as ask at be been but by can did do each eh em ex few for from go ha had
has have he her hi him his how if in into is it its just la less let lo many me more most much must my no
nor not now of oh ok on one only or our out over own pa same say see she so some such than that the them
then they this to too two up upon us use very was way we were what when who why with yes yet you your
"""

_ORDINARY = """
able above act after again age aim air alike alone angle apple april area arm art august band bank bar bare
base being best better big bill binding bird black blank block blue board bond book booth born box boy branch
bridge bridges bright brother brown burn burns buy case cash chance change changed changing chase cheer child
church city class clay clear close cloud coin cold college constant copy core corn cost count course court
craft cross cut daily dance dated day days deal dean dear deep dial down draft draw drew drink drum dry due
early earnest east edge eight else english essay even evening ever exam eye fail fair fairly faith fall far
farm fast favour field fields file fill fin fine fire firm first fish fit five fleet flood fork form frame
frank free french fresh full fuller fun gain gallant game gap gate general gentle going gone good goods grace
grade grades grain grand grant grants grass grave great green grey grow growth guard guide half hall hand
hands hard harm harsh head health heard heart heaven height held help hence here hide high hill hills hint
history hold holder hole holes home honest honour hope hopes hoping horse host house however human hunt idea
image inch ink iron job judge july june junior justice keen keep key keys kind know knowing land large last
late later latter law lawn lay lead leader lean learn least leave left leg lesson level levels life light
like likely lime line lines lining link linking list little live lively load lock logic long longer look lord
loss lot loud love low lower luck made main major make maker making male man manner manners map march mark
marked marker marking marks mass master masters match maximum may mean meaning means mend merit method middle
mild mile miles mill min mind mine mining minor mint minute miss mixing model module money month moon moral
morning mouth move music name named names naming narrow near neat neck need never new next nice night nine
noble norm north note notes novel number nurse nut odd off often old once onward open order organ other
outcome overall pace pack page pages pair pairing pale paper papers park part parts pass past patch path
patience pattern pay peace people perfect period piece pipe place plain plank plant plate play point points
pool poor position post pot power powers praise pray price pride prime prior proud pure quarter quick quite
race raise ramp ran range rank ranking rare rate rates ray read reader reading ready reason red reed response
rest result rice rich richer ride rider rise rising river rivers road rock roll room root roots rough round
row rowing rule rules run rush sad safe saint sale sales sample save saw scale school score script scripts
sea sear season seat second section seed sell senior september serene seven several shall share sharp ship
short should show sick side sigh sign silence simple since sing single sir six size skill sleep slight sly
small smart smile soft solid song soon sorry sound south square stable stack staff stage stand standard star
state steady steel steep step stern still stock stop storm story strange street strength stride strong
student students study style sum summer super sure table talent tall taught ten term test tester text thanks
theme theory thing things think thorough thought three thus tide till time timed times timing title token
told tone took top topic total town tract trail train travel treat tree trial true truly trust truth tune
tuning turn twin type under union unit until upper upright usual various vault version view virtue vital
voice vote voting wait walk wall want wanted wanting war ware watch water wave weak wealth weather website
week weeks weight well went west wet while white whole wide wild will willing win wind winner winter wise
wish wood woods word words work worker works world worth would write writer wrong year years yellow young
younger youth
"""

TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof"])
"""What stands before a name, however it is written."""

NEVER_ALONE = frozenset(_NEVER_ALONE.split())
"""Words that nearly every text has: with a capital too they name somebody only beside a title or the rest of the name."""

ORDINARY = frozenset(_ORDINARY.split())
"""Words that texts about students' work may well use: in small letters they name nobody by themselves."""
