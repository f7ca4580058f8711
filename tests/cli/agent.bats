#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output and stderr
# Keys behind an ssh-agent: of clerks, admins and a witness; and what happens when it does not sign.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml
origin=demo.invalid/ledger-00000041

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$BATS_TEST_TMPDIR
    unset YICANG_SERVICE_KEYS SSH_AUTH_SOCK SSH_ASKPASS
    stand_here "$PWD"
    mkdir -m 700 run
    agent_start
}

teardown() {
    [ ! -e between.pid ] || kill "$(cat between.pid)" || true
    [ ! -e agent.pid ] || kill "$(cat agent.pid)" || true
    [ ! -e agent.pid ] || kill -CONT "$(cat agent.pid)" || true # it may be stopped
    [ ! -e g ] || GNUPGHOME=$PWD/g gpgconf --kill gpg-agent
}

# Its socket is agent.sock; killed by its number, in agent.pid.
agent_start() {
    ssh-agent -D -a "$PWD/agent.sock" >agent.out 2>&1 3>&- &
    echo $! >agent.pid
    until [ -S agent.sock ]; do sleep 0.02; done
    export SSH_AUTH_SOCK=$PWD/agent.sock
}

agent_stop() {
    kill "$(cat agent.pid)"
    rm agent.pid
    while [ -S agent.sock ]; do sleep 0.02; done
}

# agent_key NAME: a key in a file, and in the agent.
agent_key() {
    ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$1"
    ssh-add -q "$1"
}

# between TIMES wait|leave words...: before each of so many signatures this program does that.
between() {
    python3 "$BATS_TEST_DIRNAME/../support/agent_in_between.py" "$PWD/between.sock" "$1" "$2" "$YICANG" \
        "${@:3}" >between.out 2>&1 3>&- &
    echo $! >between.pid
    until [ -S between.sock ]; do sleep 0.02; done
}

begin() {
    yicang book init "$YICANG_BOOK" --origin $origin --name Test --opening-day 2016-10-20 --policy "$policy" \
        --admins a.admin,b.admin "$@"
}

# hire CODE ROLE options of key new...
hire() {
    local key
    key=$(yicang key new "$1" "${@:3}" --format json)
    yicang staff add "$1" --role "$2" --office test --vkey "$(jq -r .vkey <<<"$key")" \
        --pop "$(jq -r .pop <<<"$key")" --as a.admin --with b.admin
}

household() { # AS IDENTITY
    yicang household add --area-code 510000 --village 一组 --status registered --head 张三丰 --id-no "$2" --as "$1"
}

events() {
    sqlite3 "file:$YICANG_BOOK/book.db?mode=ro" 'SELECT count(*) FROM event'
}

# The log is whole but for a card, which nobody gave.
sound() {
    yicang book check
    run -2 --separate-stderr yicang audit verify --open-personal --format json
    [ "$(jq -r '[.rows[].code] | join(" ")' <<<"$output")" = E_TRUST ]
}

@test "a clerk whose key is in the agent lends and is repaid, and the log is as good as any" {
    agent_key k1
    begin
    hire wang.li clerk --agent
    hire li.na approver
    run -0 cat "keys/${origin/\//_}/wang.li.key"
    [ "${#lines[@]}" -eq 2 ]
    [ "${lines[0]}" = ledger-agent-key/v1 ]
    # The key of the verifier key is the one of the agent.
    [ "$(sed -n 's/^pub [^+]*+[^+]*+//p' <<<"$output" | base64 -d | tail -c 32 | xxd -p -c 64)" = \
        "$(cut -d' ' -f2 k1.pub | base64 -d | tail -c 32 | xxd -p -c 64)" ]
    household wang.li 51000019900101123X
    yicang loan apply --household H1 --purpose breeding --amount 50000 --term-months 12 --rate 4.35% --as wang.li
    yicang loan approve L1 --as li.na
    yicang loan disburse L1 --as wang.li
    yicang day close --through 2016-10-30 --as wang.li
    yicang loan repay L1 --amount 1000 --as wang.li
    sound
    run -0 yicang key show wang.li --format json
    [ "$(jq -r .secret_in <<<"$output")" = ssh-agent ]
    [ "$(yicang key show li.na --format json | jq -r .secret_in)" = file ]
    refused 1 session.not-needed session open wang.li
    run -0 yicang session status wang.li --format json
    [ "$(jq -r '.session + " " + .secret_in' <<<"$output")" = 'closed ssh-agent' ]
}

@test "the agent of GnuPG, which is the way to an OpenPGP card, signs as well" {
    export GNUPGHOME=$PWD/g
    mkdir -m 700 g
    echo enable-ssh-support >g/gpg-agent.conf
    gpg --batch --quiet --passphrase '' --quick-generate-key test ed25519 auth never
    gpg --with-keygrip -K --with-colons | awk -F: '/^grp/ { print $10, 0 }' >g/sshcontrol
    SSH_AUTH_SOCK=$(gpgconf --list-dirs agent-ssh-socket)
    gpg-connect-agent /bye 3>&-
    begin
    hire wang.li clerk --agent
    household wang.li 51000019900101123X
    yicang day close --as wang.li
    sound
}

@test "an agent that is gone, locked or empty signs nothing, and says what to do" {
    agent_key k1
    begin
    hire wang.li clerk --agent
    local before
    before=$(events)
    ssh-add -q -d k1
    refused 1 agent.key-missing household add --area-code 510000 --village 一组 --status registered \
        --head 张三丰 --id-no 51000019900101123X --as wang.li
    [[ $stderr == *"next: load it with \`ssh-add FILE\`"* ]]
    ssh-add -q k1
    printf '#!/bin/sh\necho secret\n' >askpass
    chmod +x askpass
    SSH_ASKPASS=$PWD/askpass SSH_ASKPASS_REQUIRE=force ssh-add -x
    refused 1 agent.key-missing day close --as wang.li
    [[ $stderr == *"ssh-add -X"* ]]
    SSH_ASKPASS=$PWD/askpass SSH_ASKPASS_REQUIRE=force ssh-add -X
    [ "$(events)" -eq "$before" ]
    household wang.li 51000019900101123X
    # Asked each time, and the person says no.
    ssh-add -q -d k1
    agent_stop
    refused 1 agent.not-running day close --as wang.li
    [[ $stderr == *"next: start one"* ]]
    run -1 env -u SSH_AUTH_SOCK "$YICANG" day close --as wang.li
    [[ $output == *"SSH_AUTH_SOCK is not set"*"[agent.not-running]"* ]]
    [ "$(events)" -eq $((before + 1)) ]
    [ "$(find book.keys -name 'day-*' | wc -l)" -eq 1 ]
    sound
}

@test "whoever is asked and says no has not signed" {
    ssh-keygen -q -t ed25519 -N '' -f k1
    # shellcheck disable=SC2016 # the script reads it
    printf '#!/bin/sh\necho asked >>asked\nexit "$(cat says)"\n' >asks
    chmod +x asks
    echo 0 >says
    agent_stop
    SSH_ASKPASS=$PWD/asks SSH_ASKPASS_REQUIRE=force DISPLAY=none agent_start
    begin
    ssh-add -q -c k1
    hire wang.li clerk --agent
    yicang day close --as wang.li
    [ "$(wc -l <asked)" -eq 3 ] # the proof, the close and the next day key
    echo 1 >says
    refused 1 agent.refused day close --as wang.li
    [[ $stderr == *"next: confirm when it asks"* ]]
    [ "$(wc -l <asked)" -eq 4 ]
    ssh-add -q -D
    ssh-add -q -t 1 k1
    sleep 2
    refused 1 agent.key-missing day close --as wang.li
    sound
}

@test "Ctrl-C while the agent is asked leaves nothing behind" {
    agent_key k1
    yicang key new b.admin --agent --origin $origin
    begin
    hire wang.li clerk --agent
    local before
    before=$(events)
    kill -STOP "$(cat agent.pid)"
    run -124 timeout -s INT 1 "$YICANG" day close --as wang.li
    [ "$(events)" -eq "$before" ]
    rm -r book book.keys keys/*/*.seen # what the admins saw of the book that is gone
    # Here the signal waits until all is taken back.
    run -124 timeout -s INT 1 "$YICANG" book init "$YICANG_BOOK" --origin $origin --name Test \
        --opening-day 2016-10-20 --policy "$policy" --admins a.admin,b.admin
    [ ! -e book ]
    [ ! -e book.keys ]
    kill -CONT "$(cat agent.pid)"
    begin
    sound
}

@test "which key it is must be said if there are several, and only Ed25519 will do" {
    begin
    refused 1 agent.key-missing key new wang.li --agent
    ssh-keygen -q -t ecdsa -N '' -f other
    ssh-add -q other
    refused 1 agent.key-missing key new wang.li --agent
    refused 1 agent.key-type key new wang.li --agent --public other.pub
    refused 1 agent.key-type key new wang.li --agent --fingerprint "$(ssh-keygen -lf other.pub | cut -d' ' -f2)"
    agent_key k1
    agent_key k2
    refused 1 agent.several key new wang.li --agent
    [[ $stderr == *"$(ssh-keygen -lf k1.pub | cut -d' ' -f2) k1"*"$(ssh-keygen -lf k2.pub | cut -d' ' -f2) k2"* ]]
    refused 3 agent.public key new wang.li --agent --public k1
    refused 2 usage.agent-key key new wang.li --public k1.pub
    refused 2 usage.agent-key key new wang.li --agent --public k1.pub --fingerprint SHA256:x
    refused 1 agent.key-missing key new wang.li --agent --fingerprint SHA256:x
    refused 2 book.origin key new wang.li --origin nonsense
    [ ! -e "keys/${origin/\//_}/wang.li.key" ]
    hire wang.li clerk --agent --public k2.pub
    refused 1 key-file.exists key new wang.li --agent --public k1.pub
    refused 1 key-file.exists staff key wang.li --new --agent --public k1.pub
    hire li.na approver --agent --fingerprint "$(ssh-keygen -lf k1.pub | cut -d' ' -f2)"
    yicang day close --as wang.li
    sound
}

@test "admins sign together, one from a file and one from the agent; so does a genesis" {
    agent_key k1
    yicang key new b.admin --agent --origin $origin
    begin
    [ "$(yicang key show b.admin --format json | jq -r .secret_in)" = ssh-agent ]
    hire wang.li clerk
    yicang staff grant wang.li --role manager --as b.admin --with a.admin
    rm book.keys/day-*.key
    yicang key recover --reason lost --as a.admin --with b.admin
    yicang day close --as wang.li
    sound
    # A book that cannot be signed leaves nothing behind.
    ssh-add -q -D
    yicang key new c.admin --origin demo.invalid/ledger-00000042
    ssh-add -q k1
    yicang key new d.admin --agent --origin demo.invalid/ledger-00000042
    ssh-add -q -D
    refused 1 agent.key-missing book init other --origin demo.invalid/ledger-00000042 --name Test \
        --opening-day 2016-10-20 --policy "$policy" --admins c.admin,d.admin
    [ ! -e other ]
    [ ! -e other.keys ]
}

@test "a key moves from a file into the agent, to another of the agent, and back" {
    agent_key k1
    agent_key k2
    begin
    hire wang.li clerk
    yicang session open wang.li
    refused 1 agent.several key rotate wang.li --agent
    yicang key rotate wang.li --agent --public k1.pub
    [ "$(yicang session status wang.li --format json | jq -r '.session + " " + .secret_in')" = 'closed ssh-agent' ]
    yicang day close --as wang.li
    ssh-add -q -d k2
    refused 1 agent.key-missing key rotate wang.li --agent --public k2.pub
    ssh-add -q k2
    run -0 yicang key rotate wang.li --agent --public k2.pub --dry-run
    ssh-add -q -d k1
    refused 1 agent.key-missing key rotate wang.li --agent --public k2.pub
    [ "$(find keys -name '*next*')" = "" ]
    ssh-add -q k1
    yicang key rotate wang.li --agent --public k2.pub
    ssh-add -q -d k1
    yicang day close --as wang.li
    yicang key rotate wang.li
    agent_stop
    [ "$(yicang key show wang.li --format json | jq -r .secret_in)" = file ]
    yicang day close --as wang.li
    sound
}

@test "whoever leaves the agent for a file gives a passphrase" {
    agent_key k1
    local real=county.example/ledger-00000043 key
    yes 'correct horse battery 1' | yicang book init "$YICANG_BOOK" --origin $real --name Test \
        --opening-day 2016-10-20 --policy "$policy" --admins a.admin --passphrase-fd 0
    key=$(yicang key new wang.li --agent --format json)
    yes 'correct horse battery 1' | yicang staff add wang.li --role clerk --office test \
        --vkey "$(jq -r .vkey <<<"$key")" --pop "$(jq -r .pop <<<"$key")" --as a.admin --passphrase-fd 0
    yicang day close --as wang.li
    run -1 yicang key rotate wang.li --passphrase-fd 0 </dev/null
    [[ $output == *"[key-file.demo-only]"* ]]
    yicang day close --as wang.li
    yicang key rotate wang.li --passphrase-fd 0 <<<'a quite different one'
    grep -q '^kdf argon2id13' "keys/${real/\//_}/wang.li.key"
    yicang day close --as wang.li --passphrase-fd 0 <<<'a quite different one'
    sound
}

@test "nobody waits for a person who is asked: what others write meanwhile is in the log before" {
    agent_key k1
    begin
    hire wang.li clerk --agent
    hire zhou.yun clerk
    between 1 wait household add --area-code 510000 --village 二组 --status registered --head 李四光 \
        --id-no 510000198003020020 --as zhou.yun
    SSH_AUTH_SOCK=$PWD/between.sock household wang.li 51000019900101123X
    [ "$(sqlite3 book/book.db "SELECT group_concat(json_extract(line, '$.actor'), ' ') FROM (SELECT substr(
        CAST(leaf AS TEXT), instr(CAST(leaf AS TEXT), char(10)) + 1, instr(substr(CAST(leaf AS TEXT),
        instr(CAST(leaf AS TEXT), char(10)) + 1), char(10)) - 1) AS line FROM event ORDER BY seq DESC LIMIT 2)")" = \
        'wang.li zhou.yun' ]
    sound
}

@test "whoever is overtaken each time signs once with the lock held, and then only at once" {
    agent_key k1
    begin
    hire wang.li clerk --agent
    hire zhou.yun bureau-officer
    yicang fund open --amount 1000 --as zhou.yun
    local before
    before=$(events)
    between 3 wait fund deposit --amount 1 --as zhou.yun
    SSH_AUTH_SOCK=$PWD/between.sock household wang.li 51000019900101123X
    [ "$(events)" -eq $((before + 4)) ]
    kill "$(cat between.pid)"
    rm between.sock
    # The fourth writer waits for our lock, and we for it: we give way.
    between 4 wait fund deposit --amount 1 --as zhou.yun
    SSH_AUTH_SOCK=$PWD/between.sock refused 1 agent.overtaken day close --as wang.li
    [[ $stderr == *"next: give the command again"* ]]
    until [ "$(events)" -eq $((before + 8)) ]; do sleep 0.05; done
    yicang day close --as wang.li
    sound
}

@test "a witness whose key is in the agent cosigns, and its line is taken in" {
    agent_key k1
    local witness=(--key w.key --state w.state)
    printf 'witness bureau %s\nquorum bureau\n' "$(yicang audit witness "${witness[@]}" --agent \
        --new demo.invalid/bureau/witness/1 --origin $origin --format json | jq -r .vkey)" >witnesses
    [ "$(head -n 1 w.key)" = ledger-agent-key/v1 ]
    begin --witness-policy witnesses --card card
    hire wang.li clerk
    yicang audit checkpoint export --out request
    cp w.state before
    ssh-add -q -d k1
    refused 1 agent.key-missing audit witness "${witness[@]}" --card card --request request
    cmp before w.state
    ssh-add -q k1
    yicang audit witness "${witness[@]}" --card card --request request --out answer
    yicang audit checkpoint import --card card --request request --answer answer --as wang.li
    run -0 yicang audit verify --card card
}
