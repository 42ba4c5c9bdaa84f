"""The words of FollowTheMoney that a question may use: which kinds of entities, and which properties each has.

A property that a kind does not have is a slip of the pen, and is refused: left
out in silence, it would make the answer vaguer than it looks.  Source: the model
of followthemoney 4.9.0 (MIT licence); `vin` is from earlier versions of it.
"""

# The properties that each schema adds to those of the ones that it extends.
_OWN = {
    "Thing": (
        "address addressEntity alephUrl alias candidateSimilars country courtCase createdAt description "
        "documentedBy indexText keywords matchSimilars modifiedAt name noteEntities notes previousName program "
        "programId proof publisher publisherUrl retrievedAt riskSource risks sanctions sourceUrl summary topics "
        "unknownLinkFrom unknownLinkTo weakAlias wikidataId wikipediaUrl"
    ),
    "LegalEntity": (
        "abbreviation agencyClient agentRepresentation brightQueryId brightQueryOrgId bvdId callForTenders "
        "callsMade callsReceived classification contractAuthority contractAwardSupplier cryptoWallets "
        "debtCreditor debtDebtor delegatedCallForTenders directorshipDirector dissolutionDate dunsCode "
        "economicActivityDeclarant economicActivityHolder economicActivityReceiver economicActivitySender email "
        "emailsReceived emailsSent eventsInvolved eventsOrganized icijId idNumber identification "
        "incorporationDate innCode jurisdiction legalForm leiCode licenseNumber mainCountry membershipMember "
        "mentionedBy messagesReceived messagesSent npiCode ogrnCode okpoCode okvedCode opencorporatesUrl "
        "operatedVehicles ownedVehicles ownershipOwner parent paymentBeneficiary paymentPayer phone predecessors "
        "projectParticipation registrationNumber sayariId sector securities status subsidiaries successors "
        "swiftBic taxNumber taxRolls taxStatus uniqueEntityId uscCode userAccounts vatCode website"
    ),
    "Organization": (
        "bankAccounts cageCode directorshipOrganization employees giiNumber imoNumber membershipOrganization "
        "permId positions"
    ),
    "Asset": "amount amountEur amountUsd currency ownershipAsset",
    "Company": (
        "bikCode caemCode capital cikCode coatoCode fnsCode fssCode ipoCode irsCode isinCode jibCode kppCode "
        "mbsCode okopfCode oksmCode pfrNumber ricCode ticker voenCode"
    ),
    "PublicBody": "",
    "Person": (
        "appearance associates associations biography birthCountry birthDate birthPlace citizenship deathDate "
        "education employers ethnicity eyeColor familyPerson familyRelative fatherName firstName gender hairColor "
        "height images lastName middleName motherName nameSuffix nationality passportNumber political position "
        "positionOccupancies profession religion secondName socialSecurityNumber spokenLanguage title weight"
    ),
    "Vehicle": (
        "buildDate declaredCustoms deregistrationDate model operator owner registrationDate registrationNumber "
        "tripsInvolved type vin"
    ),
    "Vessel": (
        "callSign crsNumber deadweightTonnage flag grossRegisteredTonnage imoNumber mmsi nameChangeDate "
        "navigationArea pastFlags pastTypes registrationPort tonnage"
    ),
    "Identification": (
        "alephUrl authority country date description endDate holder indexText modifiedAt namesMentioned number "
        "proof publisher publisherUrl recordId retrievedAt sourceUrl startDate summary type"
    ),
    "Passport": "birthDate birthPlace gender givenName passportNumber personalNumber surname",
}
_EXTENDS = {
    "Person": ("Thing", "LegalEntity", "Person"),
    "LegalEntity": ("Thing", "LegalEntity"),
    "Organization": ("Thing", "LegalEntity", "Organization"),
    "Company": ("Thing", "LegalEntity", "Organization", "Asset", "Company"),
    "PublicBody": ("Thing", "LegalEntity", "Organization", "PublicBody"),
    "Vehicle": ("Thing", "Asset", "Vehicle"),
    "Vessel": ("Thing", "Asset", "Vehicle", "Vessel"),
    "Identification": ("Identification",),
    "Passport": ("Identification", "Passport"),
}
PROPERTIES: dict[str, frozenset[str]] = {
    schema: frozenset(name for one in extended for name in _OWN[one].split()) for schema, extended in _EXTENDS.items()
}
# Schemas of the model that no database of Liaison could hold.
_OTHERS = (
    "Address Airplane Analyzable Article Asset Associate Audio BankAccount Call CallForTenders Contract "
    "ContractAward CourtCase CourtCaseParty CryptoWallet Debt Directorship Document Documentation "
    "EconomicActivity Email Employment Event Family Folder HyperText Image Interest Interval License Membership "
    "Mention Message Note Occupancy Ownership Package Page Pages Payment PlainText Position Project "
    "ProjectParticipant RealEstate Representation Risk Sanction Security Similar Succession Table TaxRoll Thing "
    "Trip UnknownLink UserAccount Value Video Workbook"
)
OTHER_SCHEMAS = frozenset(_OTHERS.split())
