"""The words that stay when personal values get pseudonyms: those that cannot be anybody's."""

PLAIN = frozenset(
    """
    about above accepted access account active add address adds administrator after again all
    allow allowed alone already also always among an and anew another answer answered answers
    any apart app are around as ascending asks assign assumed at attribute attributes auth
    authenticate authentication authorization bad base basic be bearer been before begin
    begins behind being belong belongs between blank blanks blink bodies body both bracket
    brackets breaks bulk but button by byte call came can cannot case change changed character
    characters charset check choice choices choose circle client clients close closing colon
    column compare compared comparison complete compressed computer conflict connection
    contact contain content converted copied copy correct could count created creates creation
    credentials cursor custom data date days deactivated deep default defaulted deleted denied
    descending description desk did different digits disable disabled do does done double drop
    dropped duplicate each email emails employee empty enable enabled encoding end ended
    endpoint ends enter eq error errors escape every everywhere exclude existing expected
    expired extension failed fails failure false feature fewer field fields filter first fit
    followed following follows for forbids form format found free from generate give go group
    groups had half halves has have header headers here hidden hold holds hour hours how http
    https id identifier if ignored illegal in incorrect infinity installation instead
    integration internal international into invalid is it its itself json kept key knows label
    language large larger last latin leave left letter letters levels like line linked list
    listen locale location lone longer look made make makes malformed many mapping marked
    match matched matches matching maximum may me mean member members message meta method
    minutes missing mistake mobile mode more most multi must mutability name named names ne
    need needs neither nest nested nests network never new next no none not nothing now null
    number numbers object of off offered okta older on once one ones only op operation
    operations operator optional or order organization other others our out over own page
    pages pair parameter parenthesis parts password paste path per permission plain please
    port ports position possible pr present primary printable process processed processing
    program provided provisioning push pushed put query quotation quotes reactivated read
    realm reason reduced reference refers refused remove removed repeat repeats replace
    request requested requests required resource resources response responses retry revoked
    rights runs same says schema schemas scheme search searched second seconds see select
    selects semantic send sent server service set sets several should shown simple since
    single slow smaller so some sorted split spoken stands start started status still stopping
    stored string sub successful such supplied support supported surrogate switch switched
    syntax tag taken takes target tell text than that the their them then there these they
    this those thread three time timeout tls to token too true try tunnel twice two type typed
    types typographic unable unauthorized under underscores understood unexpected unexpectedly
    unique uniqueness unknown unlink unsupported up urns use used user users uses utf valid
    value valued values verify version wants was were what when where which while whole whose
    why will with within without word work would wrapping write wrong yet you yourself
    """.split()
)
"""Words of this program's own sentences, in small letters.

First names among them ("mark", "grant") are left out: who writes a sentence with them in it finds a
pseudonym there.
"""

TECHNICAL = frozenset(
    """
    userName name formatted familyName givenName middleName honorificPrefix honorificSuffix
    displayName nickName profileUrl title userType preferredLanguage locale timezone active
    password emails phoneNumbers ims photos addresses streetAddress locality region postalCode
    country groups entitlements roles x509Certificates employeeNumber costCenter organization
    division department manager managerId location startDate description value values type
    display primary members id externalId meta resourceType created lastModified version
    schemas ref Operations op path add remove replace filter attributes excludedAttributes
    sortBy sortOrder startIndex count cursor totalResults itemsPerPage Resources nextCursor
    previousCursor bulkId failOnErrors method data status scimType detail eq ne co sw ew pr gt
    ge lt le and or not true false null invalidCount invalidCursor invalidFilter invalidPath
    invalidSyntax invalidValue expiredCursor noTarget tooMany uniqueness mutability sensitive
    invalidVers readOnly User Users Group Groups Schemas ResourceTypes ServiceProviderConfig
    Me Bulk EnterpriseUser BlinkUser urn ietf params scim core extension enterprise blink
    messages GET HEAD POST PUT PATCH DELETE OPTIONS API BCP GB HTTP HTTPS JSON KiB MiB RFC
    SCIM URL URLs URN URNs UTF UUID WWW ID Okta Blink Entra Azure Microsoft YYYY MM DD Desk
    Push Token Tokens Provisioning Integration Dashboard Tasks Assignments Import Credentials
    Test Profile Editor Attribute Mappings Bearer Basic TLS SSL
    """.split()
)
"""Words of SCIM, Okta and Blink, as those write them."""

HEADERS = frozenset(
    """
    error invalid okta scim client blink desk entra azure microsoft msscim mozilla applewebkit
    khtml like gecko chrome safari firefox edg postmanruntime postman curl python httpx
    requests urllib java jdk go http okhttp apache httpclient node fetch axios undici linux
    windows nt macintosh intel mac os x11 x86_64 win64 x64 ubuntu scim2 tester powershell wget
    libwww application json xml text html plain charset utf boundary multipart form data
    urlencoded www image css javascript octet stream gzip deflate br zstd identity chunked
    close keep alive timeout age no cache store must revalidate private public origin accept
    encoding language cookie authorization user agent vary get head post put patch delete
    options bearer basic realm uvicorn nginx cloudflare https trailers upgrade nosniff same en
    us redacted ssws digest token
    """.split()
)
"""Words of the technical headers, in small letters: of clients, media types and connections."""

TYPES = frozenset(
    """
    work home other mobile fax pager direct user group string boolean decimal integer datetime
    binary reference complex text date choice thumbnail photo aim gtalk icq xmpp msn skype qq
    yahoo permanent contractor employee external uri oauthbearertoken httpbasic oauth2 oauth
    httpdigest
    """.split()
)
"""What ``type`` says of a value, an attribute or a resource, in small letters."""
