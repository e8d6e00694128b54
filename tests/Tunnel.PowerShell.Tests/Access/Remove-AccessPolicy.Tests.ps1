BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-AccessPolicy' {
    It 'removes a policy, and nothing with -WhatIf' {
        New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com' | Remove-AccessPolicy -WhatIf
        Get-AccessPolicy ssh.example.test | Should -HaveCount 1
        Remove-AccessPolicy ssh.example.test staff -Confirm:$false
        Get-AccessPolicy ssh.example.test | Should -BeNullOrEmpty
    }
}
