BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'New-SshCertificate' {
    It 'signs nothing with -WhatIf' {
        New-SshCertificate ssh.example.test -Folder "$($lab.Folder)/keys" -WhatIf | Should -BeNullOrEmpty
        "$($lab.Folder)/keys" | Should -Not -Exist
    }

    It 'says what is wrong with a token that is none' {
        $token = ConvertTo-SecureString 'a.b.c' -AsPlainText -Force
        { New-SshCertificate ssh.example.test -Folder "$($lab.Folder)/keys" -Token $token -ErrorAction Stop } |
            Should -Throw -ErrorId 'SshCertificateRefused,*'
    }
}
