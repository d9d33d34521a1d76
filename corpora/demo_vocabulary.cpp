#include <string_view>
#include <vector>

#include "corpora/demo_words.h"

namespace evalzip {
namespace {

constexpr std::string_view kNouns =
    "time year people way day man thing woman life child world school state family student "
    "group country problem hand part place case week company system program question work "
    "government number night point home water room mother area money story fact month lot right "
    "study book eye job word business issue side kind head house service friend father power "
    "hour game line end member law car city community name president team minute idea body "
    "information back parent face others level office door health person art war history party "
    "result change morning reason research girl guy moment air teacher force education foot boy "
    "age policy process music market sense nation plan college interest death experience effect "
    "use class control field development role effort rate heart drug show leader light voice "
    "wife police mind price report decision son view relationship town road arm difference "
    "value building action season society tax director position player record paper space "
    "ground form event official matter center couple site project activity star table need "
    "court oil situation cost industry figure street image phone data picture practice piece "
    "land product doctor wall patient worker news test movie north love support technology "
    "river bridge harbour garden window kitchen letter stone winter summer autumn spring forest "
    "mountain island valley shore ship captain sailor farmer miller baker smith weaver merchant "
    "clerk judge priest soldier servant neighbour stranger guest cousin uncle aunt daughter "
    "brother sister widow orphan horse dog cat bird sheep cow pig fox wolf fish bread butter "
    "cheese apple pear grain barley wheat salt sugar honey wine beer tea coffee coat hat boot "
    "glove shirt cloth wool silk thread needle button lamp candle fire smoke ash chimney roof "
    "floor stair cellar attic gate fence path lane corner square church tower bell clock wheel "
    "cart wagon saddle rope chain hammer nail axe saw spade plough basket barrel bottle cup "
    "plate knife spoon bowl kettle oven stove chair bench bed pillow blanket curtain carpet "
    "mirror box drawer key lock coin purse debt rent wage profit loss promise secret quarrel "
    "apology rumour legend song dance drum flute violin poem chapter page margin ink pen pencil "
    "map compass lantern telescope engine valve pump pipe boiler piston wire cable battery "
    "circuit signal station platform ticket passenger luggage tunnel rail cargo crane dock "
    "anchor sail mast deck storm cloud thunder rain snow frost ice mist dew sunrise sunset "
    "shadow moon comet planet tide wave current pebble sand clay mud dust iron copper silver "
    "gold lead tin coal timber plank beam brick mortar glass paint brush canvas statue";

constexpr std::string_view kVerbs =  // in the past tense
    "said went got made knew thought took saw came wanted looked used found gave told worked "
    "called tried asked needed felt became left put meant kept let began helped talked turned "
    "started showed heard played ran moved liked lived believed held brought happened wrote "
    "provided sat stood lost paid met included continued set learned changed led understood "
    "watched followed stopped created spoke read allowed added spent grew opened walked won "
    "offered remembered loved considered appeared bought waited served died sent expected built "
    "stayed fell cut reached killed remained suggested raised passed sold required reported "
    "decided pulled carried broke received agreed supported hit produced ate covered caught "
    "drew chose caused pointed listened realised placed closed drove thanked compared announced "
    "preferred proved enjoyed described noticed wondered discovered arrived delivered repaired "
    "measured weighed counted gathered scattered buried lifted lowered pushed dragged climbed "
    "descended crossed entered returned escaped chased hid searched borrowed lent stole "
    "promised refused accepted denied admitted confessed accused forgave blamed praised mocked "
    "warned threatened comforted woke slept dreamed breathed whispered shouted laughed cried "
    "smiled nodded frowned stared glanced blinked shivered trembled stumbled slipped floated "
    "sank drowned swam dived sailed rowed steered anchored harvested planted watered fed milked "
    "sheared spun wove sewed knitted washed scrubbed polished swept burnt boiled baked roasted "
    "stirred poured spilt tasted swallowed";

constexpr std::string_view kAdjectives =
    "other new good old great high small different large next early young important few public "
    "bad same able little long big social own right general real best better sure free true "
    "whole local certain open possible late hard major strong clear recent likely simple full "
    "low common poor natural central dark short single private past foreign fine quick cold hot "
    "warm cool dry wet soft loud quiet empty heavy light deep narrow broad steep gentle rough "
    "smooth sharp blunt bright dim pale grey green blue red white black brown yellow golden "
    "silver wooden iron broken ancient modern rare plain rich proud humble brave timid honest "
    "clever foolish patient eager weary hungry thirsty sleepy lonely merry sad angry calm "
    "anxious curious careful careless cruel kind generous greedy idle busy polite rude strange "
    "familiar distant near sudden gradual bitter sweet sour fresh stale ripe rotten clean dirty "
    "dusty muddy tidy crooked straight hollow solid fragile sturdy useful useless precious "
    "cheap costly splendid dreadful ordinary";

constexpr std::string_view kAdverbs =
    "not also very often however too usually really early never always sometimes together "
    "likely simply generally instead actually again rather almost especially ever quickly "
    "probably already below directly therefore else thus easily eventually exactly certainly "
    "normally currently extremely finally constantly properly soon specifically ahead daily "
    "highly immediately relatively slowly fairly primarily completely ultimately widely "
    "recently seriously frequently fully mostly naturally nearly occasionally carefully clearly "
    "essentially possibly quietly loudly gently bravely sadly gladly barely hardly merely "
    "partly";

constexpr std::string_view kFirstNames =
    "Anna Jonas Mary Peter Clara Henry Ruth Samuel Edith Martin Helen Oscar Nora Felix Ida "
    "Victor Alice Conrad Julia Albert Greta Simon Laura Edmund Paula Robert Agnes Walter Emma "
    "Leopold Sarah George Lydia Frederick Marta Arthur Rosa Daniel Irene Thomas Beatrice Philip "
    "Hanna Stephen Olive Gregory Vera Nathan Cora Hugo";

constexpr std::string_view kSurnames =
    "Ashton Ashworth Ashman Blackson Blackton Blackworth Bradfield Bradson Bradton Brookford "
    "Brookfield Brookson Carlbury Carlford Carlfield Clifwell Clifbury Clifford Dunley Dunwell "
    "Dunbury Eastby Eastley Eastwell Fairman Fairby Fairley Fenworth Fenman Fenby Grayton "
    "Grayworth Grayman Halson Halton Halworth Harfield Harson Harton Hazelford Hazelfield "
    "Hazelson Holbury Holford Holfield Kingswell Kingsbury Kingsford Langley Langwell Langbury "
    "Marby Marley Marwell Millman Millby Millley Norworth Norman Norby Oakton Oakworth Oakman "
    "Pemson Pemton Pemworth Redfield Redson Redton Rowford Rowfield Rowson Sandbury Sandford "
    "Sandfield Shelwell Shelbury Shelford Stanley Stanwell Stanbury Thornby Thornley Thornwell "
    "Upman Upby Upley Walworth Walman Walby Westton Westworth Westman Whiteson Whiteton "
    "Whiteworth Winfield Winson Winton Woodford Woodfield Woodson Yorkbury Yorkford Yorkfield";

constexpr std::string_view kTowns =
    "Arlen Bradwick Caldbury Dunmere Elmstead Farrow Glenholt Harwick Inverley Jasperton Kelby "
    "Lowmoor Marsden Northam Oldcastle Penbrook Quarry Rosehill Saltmarsh Tarnside Underwood "
    "Valebridge Westhaven Yarrow Ashcombe Brackley Coldwater Drayford Easterby Fernhill";

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    words.push_back(text.substr(0, space));
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  return words;
}

}  // namespace

const Vocabulary& demo_vocabulary() {
  static const Vocabulary vocabulary{.nouns = words_of(kNouns),
                                     .verbs = words_of(kVerbs),
                                     .adjectives = words_of(kAdjectives),
                                     .adverbs = words_of(kAdverbs),
                                     .first_names = words_of(kFirstNames),
                                     .surnames = words_of(kSurnames),
                                     .towns = words_of(kTowns)};
  return vocabulary;
}

}  // namespace evalzip
