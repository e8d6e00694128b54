BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module ([IO.Path]::GetFullPath("$PSScriptRoot/../../../Tunnel.psd1"))
}

Describe 'Confirm-NetworkIngress' {
    It 'confirms nothing where nothing is locked' -Skip:(-not ([Environment]::IsPrivilegedProcess -and [IO.File]::Exists('/usr/sbin/nft'))) {
        { Confirm-NetworkIngress -ErrorAction Stop } | Should -Throw '*no lock to confirm*'
    }
}
