BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Set-AccessApplication' {
    BeforeAll { New-AccessPolicy -Name staff -Decision Allow -Include '@example.com' | Out-Null }

    It 'changes nothing with -WhatIf' {
        Set-AccessApplication ssh.example.test -NewName Shell -WhatIf
        (Get-AccessApplication).Name | Should -Be 'ssh.example.test'
    }

    It 'changes only what is given' {
        $application = Get-AccessApplication | Set-AccessApplication -SessionDuration 8h -Policy staff -Confirm:$false
        $application.SessionDuration | Should -Be '8h'
        $application.Name | Should -Be 'ssh.example.test'
        (Get-AccessPolicy ssh.example.test).Name | Should -Be 'staff'
    }
}
