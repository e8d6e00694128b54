BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Set-AccessPolicy' {
    BeforeAll {
        New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com' -Exclude bob@example.com | Out-Null
    }

    It 'changes nothing with -WhatIf' {
        Set-AccessPolicy ssh.example.test staff -Decision Deny -WhatIf
        (Get-AccessPolicy ssh.example.test).Decision | Should -Be 'Allow'
    }

    It 'changes only what is given' {
        $policy = Set-AccessPolicy ssh.example.test staff -Include '@example.org' -Confirm:$false
        $policy.Summary | Should -Be 'Allow @example.org; not bob@example.com'
        (Get-AccessPolicy ssh.example.test | Set-AccessPolicy -NewName people -Confirm:$false).Name | Should -Be 'people'
    }

    It 'names who has to approve, and nobody any more' {
        $policy = Get-AccessPolicy ssh.example.test
        ($policy | Set-AccessPolicy -Approver boss@example.com -Confirm:$false).Approval | Should -Be '1 of boss@example.com'
        ($policy | Set-AccessPolicy -Approver @() -Confirm:$false).Approval | Should -BeNullOrEmpty
    }
}
