BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Register-SshHost' {
    It 'writes a block that names the edge of the account' {
        $sshHost = Register-SshHost ssh.example.test -Name prod -User alice -ConfigFile $lab.Config
        $sshHost.ConnectTo | Should -Be "$($lab.Edge.PublicEndPoint)"
        $sshHost.CertificateAuthorityFile | Should -Be $lab.Edge.CertificateAuthorityFile
        $lab.Config | Should -FileContentMatch 'Host prod'
    }

    It 'keeps a service token out of the configuration' {
        $token = New-AccessServiceToken ci
        $sshHost = $token | Register-SshHost ssh.example.test -ConfigFile $lab.Config
        $sshHost.ServiceTokenFile | Should -Exist
        $lab.Config | Should -Not -FileContentMatch $token.ToCredential().GetNetworkCredential().Password
    }

    It 'is read by ssh' {
        & ssh -F $lab.Config -G prod | Should -Contain 'user alice'
    }

    It 'writes nothing with -WhatIf' {
        Register-SshHost whatif.example.test -ConfigFile "$($lab.Folder)/whatif" -WhatIf
        "$($lab.Folder)/whatif" | Should -Not -Exist
    }
}
