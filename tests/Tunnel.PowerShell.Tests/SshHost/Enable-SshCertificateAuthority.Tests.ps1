BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
    $authority = New-SshCertificateAuthority ssh.example.test
    & ssh-keygen -q -t ed25519 -N '' -f "$($lab.Folder)/host_key"
    $sshd = "$($lab.Folder)/sshd_config"
    Set-Content $sshd "HostKey $($lab.Folder)/host_key"
}

AfterAll { Stop-Lab $lab }

Describe 'Enable-SshCertificateAuthority' -Skip:(-not (Test-Path /usr/sbin/sshd)) {
    It 'shows the lines and writes nothing with -WhatIf' {
        Enable-SshCertificateAuthority ssh.example.test -ConfigFile $sshd -WhatIf | Should -BeNullOrEmpty
        $sshd | Should -Not -FileContentMatch 'TrustedUserCAKeys'
    }

    It 'lets sshd trust the authority, once' {
        ($authority | Enable-SshCertificateAuthority -ConfigFile $sshd).IsChanged | Should -BeTrue
        (Enable-SshCertificateAuthority ssh.example.test -ConfigFile $sshd).IsChanged | Should -BeFalse
        $sshd | Should -FileContentMatch 'TrustedUserCAKeys'
    }
}
