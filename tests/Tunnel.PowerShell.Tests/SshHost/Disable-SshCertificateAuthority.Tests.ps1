BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
    & ssh-keygen -q -t ed25519 -N '' -f "$($lab.Folder)/host_key"
    $sshd = "$($lab.Folder)/sshd_config"
    Set-Content $sshd "HostKey $($lab.Folder)/host_key"
    New-SshCertificateAuthority ssh.example.test | Enable-SshCertificateAuthority -ConfigFile $sshd
}

AfterAll { Stop-Lab $lab }

Describe 'Disable-SshCertificateAuthority' -Skip:(-not (Test-Path /usr/sbin/sshd)) {
    It 'changes nothing with -WhatIf' {
        Disable-SshCertificateAuthority -ConfigFile $sshd -WhatIf
        $sshd | Should -FileContentMatch 'TrustedUserCAKeys'
    }

    It 'leaves nothing behind' {
        (Disable-SshCertificateAuthority -ConfigFile $sshd -Confirm:$false).Authorities | Should -BeNullOrEmpty
        $sshd | Should -Not -FileContentMatch 'TrustedUserCAKeys'
        "$($lab.Folder)/tunnel_user_ca.pub" | Should -Not -Exist
    }
}
