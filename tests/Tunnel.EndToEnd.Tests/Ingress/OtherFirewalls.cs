namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>What other tools leave in the kernel, as <c>nft list ruleset</c> shows it on a host of theirs.</summary>
internal static class OtherFirewalls
{
    public const string Docker = """
        table ip nat {
          chain DOCKER {
            iifname "docker0" counter return
            iifname != "docker0" tcp dport 8080 counter dnat to 172.17.0.2:80
          }
          chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local counter jump DOCKER; }
          chain OUTPUT { type nat hook output priority -100; policy accept; ip daddr != 127.0.0.0/8 fib daddr type local counter jump DOCKER; }
          chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; ip saddr 172.17.0.0/16 oifname != "docker0" counter masquerade; }
        }
        table ip filter {
          chain DOCKER { ip daddr 172.17.0.2 oifname "docker0" tcp dport 80 counter accept; }
          chain DOCKER-ISOLATION-STAGE-1 { iifname "docker0" oifname != "docker0" counter jump DOCKER-ISOLATION-STAGE-2; counter return; }
          chain DOCKER-ISOLATION-STAGE-2 { oifname "docker0" counter drop; counter return; }
          chain DOCKER-USER { counter return; }
          chain FORWARD {
            type filter hook forward priority filter; policy drop;
            counter jump DOCKER-USER
            counter jump DOCKER-ISOLATION-STAGE-1
            oifname "docker0" ct state related,established counter accept
            oifname "docker0" counter jump DOCKER
            iifname "docker0" oifname != "docker0" counter accept
            iifname "docker0" oifname "docker0" counter accept
          }
        }
        """;

    public const string Ufw = """
        table ip filter {
          set recent { type ipv4_addr; size 65535; flags dynamic,timeout; timeout 1h; }
          chain ufw-before-input {
            iifname "lo" counter accept
            ct state related,established counter accept
            ct state invalid counter jump ufw-logging-deny
            ct state invalid counter drop
            icmp type { destination-unreachable, time-exceeded, parameter-problem, echo-request } counter accept
            udp sport 67 udp dport 68 counter accept
            counter jump ufw-not-local
            ip daddr 224.0.0.251 udp dport 5353 counter accept
            ip daddr 239.255.255.250 udp dport 1900 counter accept
            counter jump ufw-user-input
          }
          chain ufw-not-local {
            fib daddr type { local, multicast, broadcast } counter return
            limit rate 3/minute burst 10 packets counter jump ufw-logging-deny
            counter drop
          }
          chain ufw-logging-deny { limit rate 3/minute burst 10 packets counter log prefix "[UFW BLOCK] "; }
          chain ufw-user-input {
            tcp dport 22 ct state new update @recent { ip saddr limit rate over 6/minute burst 30 packets } counter reject
            tcp dport 22 counter accept
            tcp dport { 80, 443 } counter accept
            udp dport 7 counter accept
          }
          chain ufw-after-input { udp dport { 137, 138, 67, 68 } counter return; tcp dport { 139, 445 } counter return; fib daddr type broadcast counter return; }
          chain INPUT {
            type filter hook input priority filter; policy drop;
            counter jump ufw-before-input
            counter jump ufw-after-input
            limit rate 3/minute burst 10 packets counter log prefix "[UFW BLOCK] "
          }
          chain FORWARD { type filter hook forward priority filter; policy drop; ct state related,established counter accept; }
          chain OUTPUT { type filter hook output priority filter; policy accept; oifname "lo" counter accept; ct state new counter accept; }
        }
        table ip6 filter {
          chain ufw6-before-input {
            iifname "lo" counter accept
            rt type 0 counter drop
            ct state related,established counter accept
            icmpv6 type { echo-reply, destination-unreachable, packet-too-big, time-exceeded, parameter-problem, echo-request } counter accept
            icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 counter accept
            ip6 saddr fe80::/10 icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } counter accept
            ip6 saddr fe80::/10 ip6 daddr fe80::/10 udp sport 547 udp dport 546 counter accept
            tcp dport { 22, 80, 443 } counter accept
          }
          chain INPUT { type filter hook input priority filter; policy drop; counter jump ufw6-before-input; }
          chain FORWARD { type filter hook forward priority filter; policy drop; }
          chain OUTPUT { type filter hook output priority filter; policy accept; }
        }
        """;

    public const string Firewalld = """
        table inet firewalld {
          chain mangle_PREROUTING { type filter hook prerouting priority mangle + 10; policy accept; jump mangle_PREROUTING_ZONES; }
          chain mangle_PREROUTING_ZONES { iifname "eth0" goto mangle_PRE_public; goto mangle_PRE_public; }
          chain mangle_PRE_public { return; }
          chain nat_PREROUTING { type nat hook prerouting priority dstnat + 10; policy accept; }
          chain nat_POSTROUTING { type nat hook postrouting priority srcnat + 10; policy accept; }
          chain filter_PREROUTING {
            type filter hook prerouting priority filter + 10; policy accept;
            icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
            meta nfproto ipv6 fib saddr . mark . iif oif missing drop
          }
          chain filter_INPUT {
            type filter hook input priority filter + 10; policy accept;
            ct state { established, related } accept
            ct status dnat accept
            iifname "lo" accept
            ct state invalid drop
            jump filter_INPUT_ZONES
            reject with icmpx admin-prohibited
          }
          chain filter_INPUT_ZONES { iifname "eth0" goto filter_IN_public; goto filter_IN_public; }
          chain filter_IN_public { jump filter_IN_public_allow; meta l4proto { icmp, ipv6-icmp } accept; }
          chain filter_IN_public_allow {
            tcp dport { 22, 80 } accept
            udp dport 7 accept
            ip6 daddr fe80::/64 udp dport 546 accept
          }
          chain filter_FORWARD {
            type filter hook forward priority filter + 10; policy accept;
            ct state { established, related } accept
            ct status dnat accept
            iifname "lo" accept
            ct state invalid drop
            ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24, 2002:a00::/24, 2002:7f00::/24 } reject with icmpv6 addr-unreachable
            reject with icmpx admin-prohibited
          }
          chain filter_OUTPUT {
            type filter hook output priority filter + 10; policy accept;
            ct state { established, related } accept
            oifname "lo" accept
          }
        }
        """;
}
