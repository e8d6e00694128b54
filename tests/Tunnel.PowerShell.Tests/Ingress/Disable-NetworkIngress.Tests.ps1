BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module ([IO.Path]::GetFullPath("$PSScriptRoot/../../../Tunnel.psd1"))
}

Describe 'Disable-NetworkIngress' {
    It 'changes nothing with -WhatIf' -Skip:(-not ([Environment]::IsPrivilegedProcess -and [IO.File]::Exists('/usr/sbin/nft'))) {
        $before = nft list tables
        Disable-NetworkIngress ssh.example.test -WhatIf | Should -BeNullOrEmpty
        nft list tables | Should -Be $before
    }

    It 'says what a port looks like' {
        { Disable-NetworkIngress ssh.example.test -AllowPort ssh -ErrorAction Stop } | Should -Throw '*51820/udp*'
    }
}
