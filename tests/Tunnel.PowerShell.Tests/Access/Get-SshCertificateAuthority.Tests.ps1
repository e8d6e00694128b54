BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Get-SshCertificateAuthority' {
    It 'gives the line for TrustedUserCAKeys' {
        Get-SshCertificateAuthority | Should -BeNullOrEmpty
        $made = New-SshCertificateAuthority ssh.example.test
        (Get-SshCertificateAuthority ssh.*).PublicKey | Should -Be $made.PublicKey
        $made.PublicKey | Should -Match '^ecdsa-sha2-nistp256 AAAA'
    }
}
